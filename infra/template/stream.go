package template

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
)

// Lambda's value for a stream's batch, and for retries and age without end.
const (
	defaultBatch = 100
	endless      = -1
)

// Stream is what sends the records of the table's stream to a function.
type Stream struct {
	Function string        // logical id
	Batch    int           // records in a call, at most
	Retries  int           // of a batch; -1 is without end
	Age      time.Duration // of a record that is still retried; 0 is without end
	Bisect   bool          // a batch that failed is cut in two
	Partial  bool          // the function says which record failed (ReportBatchItemFailures)
	Failures string        // logical id of the bucket for records that failed for good
	Filters  [][]byte      // patterns, as JSON; a record that matches none is passed over. None: every record
}

// streamProperties are those of an event of type DynamoDB. Reading is strict: windows and the like change what a function
// gets.
type streamProperties struct {
	Stream                     ast.Node  `yaml:"Stream"`
	StartingPosition           literal   `yaml:"StartingPosition"`
	BatchSize                  ast.Node  `yaml:"BatchSize"`
	MaximumRetryAttempts       ast.Node  `yaml:"MaximumRetryAttempts"`
	MaximumRecordAgeInSeconds  ast.Node  `yaml:"MaximumRecordAgeInSeconds"`
	BisectBatchOnFunctionError bool      `yaml:"BisectBatchOnFunctionError"`
	FunctionResponseTypes      []literal `yaml:"FunctionResponseTypes"`
	FilterCriteria             struct {
		Filters []struct {
			Pattern literal `yaml:"Pattern"`
		} `yaml:"Filters"`
	} `yaml:"FilterCriteria"`
	DestinationConfig struct {
		OnFailure struct {
			Type        literal  `yaml:"Type"`
			Destination ast.Node `yaml:"Destination"`
		} `yaml:"OnFailure"`
	} `yaml:"DestinationConfig"`

	// Of consequence for cost, speed and figures alone.
	MaximumBatchingWindowInSeconds any `yaml:"MaximumBatchingWindowInSeconds"`
	ParallelizationFactor          any `yaml:"ParallelizationFactor"`
	MetricsConfig                  any `yaml:"MetricsConfig"`
	KmsKeyArn                      any `yaml:"KmsKeyArn"`
}

// Streams gives the functions that read the table's stream, sorted by id.
func (t *Template) Streams() ([]Stream, error) {
	if err := t.without("an event of type DynamoDB", "AWS::Lambda::EventSourceMapping"); err != nil {
		return nil, err
	}
	var streams []Stream
	err := t.eachEvent("DynamoDB", func(function, _ string, node ast.Node) error {
		var p streamProperties
		if err := yaml.NodeToValue(node, &p, yaml.Strict()); err != nil {
			return errors.New(brief(err))
		}
		stream, err := t.stream(p)
		stream.Function = function
		streams = append(streams, stream)
		return err
	})
	return streams, err
}

// eachEvent goes through the events of a type of all functions, in one order. Errors name resource and event.
func (t *Template) eachEvent(kind string, do func(function, name string, properties ast.Node) error) error {
	for _, function := range t.named("AWS::Serverless::Function") {
		var p functionProperties
		if err := t.decode(function, &p); err != nil {
			return err
		}
		for _, name := range slices.Sorted(maps.Keys(p.Events)) {
			event := p.Events[name]
			if event.Type != kind {
				continue
			}
			err := errors.New("no Properties")
			if event.Properties != nil {
				err = do(function, name, event.Properties)
			}
			if err != nil {
				return fmt.Errorf("template.yaml: resource %s: event %s: %w", function, name, err)
			}
		}
	}
	return nil
}

func (t *Template) stream(p streamProperties) (out Stream, err error) {
	if id, name, ok := attribute(p.Stream); !ok || id != tableID || name != "StreamArn" {
		return out, fmt.Errorf("its Stream must be !GetAtt %s.StreamArn", tableID)
	}
	if p.StartingPosition != "TRIM_HORIZON" {
		return out, errors.New("its StartingPosition must be TRIM_HORIZON: what is written before the mapping works would be lost")
	}
	for _, kind := range p.FunctionResponseTypes {
		if kind != "ReportBatchItemFailures" {
			return out, fmt.Errorf("FunctionResponseTypes has %q, which is not understood here", kind)
		}
		out.Partial = true
	}
	for i, filter := range p.FilterCriteria.Filters {
		if filter.Pattern == "" {
			return out, fmt.Errorf("filter %d has no Pattern", i+1)
		}
		out.Filters = append(out.Filters, []byte(filter.Pattern))
	}
	failures, ok := mention(p.DestinationConfig.OnFailure.Destination)
	if !ok || t.resources[failures].Type != "AWS::S3::Bucket" {
		return out, errors.New("its DestinationConfig must have a bucket of this template for OnFailure: only S3 is given the records")
	}
	out.Failures, out.Bisect = failures, p.BisectBatchOnFunctionError
	if out.Batch, err = t.setting("BatchSize", p.BatchSize, nil, defaultBatch); err != nil {
		return out, err
	}
	if out.Retries, err = t.setting("MaximumRetryAttempts", p.MaximumRetryAttempts, nil, endless); err != nil {
		return out, err
	}
	age, err := t.setting("MaximumRecordAgeInSeconds", p.MaximumRecordAgeInSeconds, nil, endless)
	if err != nil {
		return out, err
	}
	if out.Batch < 1 || out.Retries < endless || age < endless {
		return out, fmt.Errorf("BatchSize %d, MaximumRetryAttempts %d, MaximumRecordAgeInSeconds %d: that is less than AWS takes", out.Batch, out.Retries, age)
	}
	out.Age = time.Duration(max(age, 0)) * time.Second
	return out, nil
}

// attribute gives the resource and the attribute that a !GetAtt means, in either of its forms.
func attribute(node ast.Node) (id, name string, ok bool) {
	tag, ok := node.(*ast.TagNode)
	if !ok || tag.Start.Value != "!GetAtt" {
		return "", "", false
	}
	var parts []string
	if err := yaml.NodeToValue(tag.Value, &parts); err == nil && len(parts) == 2 {
		return parts[0], parts[1], true
	}
	var text string
	if err := yaml.NodeToValue(tag.Value, &text); err != nil {
		return "", "", false
	}
	return strings.Cut(text, ".")
}
