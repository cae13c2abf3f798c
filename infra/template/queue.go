package template

import (
	"errors"
	"fmt"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
)

const (
	queueType = "AWS::SQS::Queue"
	// defaultHidden is SQS's visibility timeout, in seconds.
	defaultHidden = 30
)

// Queue is what a function takes messages from, one in a call.
type Queue struct {
	ID          string        // logical id
	Hidden      time.Duration // for which a message that was received is not received again: the pause after a failure
	Receives    int           // after which a message is a dead letter
	DeadLetters string        // logical id of the queue for those
}

// queueProperties are those of a queue that a function reads. Reading is strict: a delay or an order would change when
// a function gets what.
type queueProperties struct {
	VisibilityTimeout ast.Node `yaml:"VisibilityTimeout"`
	RedrivePolicy     struct {
		Target   ast.Node `yaml:"deadLetterTargetArn"`
		Receives ast.Node `yaml:"maxReceiveCount"`
	} `yaml:"RedrivePolicy"`

	MessageRetentionPeriod any `yaml:"MessageRetentionPeriod"`
	SqsManagedSseEnabled   any `yaml:"SqsManagedSseEnabled"`
	KmsMasterKeyId         any `yaml:"KmsMasterKeyId"`
	Tags                   any `yaml:"Tags"`
}

// sourceProperties are those of an event of type SQS.
type sourceProperties struct {
	Queue     ast.Node `yaml:"Queue"`
	BatchSize ast.Node `yaml:"BatchSize"`

	// Of consequence for cost, speed and figures alone.
	ScalingConfig any `yaml:"ScalingConfig"`
	MetricsConfig any `yaml:"MetricsConfig"`
}

// queue reads a queue, and finds the one function that reads it.
func (t *Template) queue(id string) (*Queue, string, error) {
	reader := ""
	err := t.eachEvent("SQS", func(function, _ string, node ast.Node) error {
		var p sourceProperties
		if err := yaml.NodeToValue(node, &p, yaml.Strict()); err != nil {
			return errors.New(brief(err))
		}
		of, ok := mention(p.Queue)
		if !ok || t.resources[of].Type != queueType {
			return errors.New("its Queue must be !GetAtt of a queue of this template")
		}
		if of != id {
			return nil
		}
		if batch, err := t.setting("BatchSize", p.BatchSize, nil, 10); err != nil || batch != 1 {
			return fmt.Errorf("BatchSize is %d (%v); here it is 1, so that a message that fails brings no other one back", batch, err)
		}
		if reader != "" {
			return fmt.Errorf("%s reads %s as well: each would get a part of it", reader, id)
		}
		reader = function
		return nil
	})
	if err != nil {
		return nil, "", err
	}
	if reader == "" {
		return nil, "", fmt.Errorf("its Arn is that of the queue %s, which no function reads", id)
	}
	q, err := t.readQueue(id)
	if err != nil {
		return nil, "", fmt.Errorf("queue %s: %w", id, err)
	}
	for _, f := range t.functions {
		if f.ID == reader && q.Hidden < f.Timeout {
			return nil, "", fmt.Errorf("queue %s: its VisibilityTimeout of %s ends before a call of %s does", id, q.Hidden, reader)
		}
	}
	return q, reader, nil
}

func (t *Template) readQueue(id string) (*Queue, error) {
	var p queueProperties
	if err := t.decode(id, &p, yaml.Strict()); err != nil {
		return nil, err
	}
	dead, ok := mention(p.RedrivePolicy.Target)
	if !ok || t.resources[dead].Type != queueType {
		return nil, errors.New("its RedrivePolicy must name a queue of this template: what fails would come again until it is forgotten")
	}
	receives, err := t.setting("maxReceiveCount", p.RedrivePolicy.Receives, nil, 0)
	if err != nil {
		return nil, err
	}
	hidden, err := t.setting("VisibilityTimeout", p.VisibilityTimeout, nil, defaultHidden)
	if err != nil {
		return nil, err
	}
	if receives < 1 || receives > 1000 || hidden < 1 || hidden > 43200 {
		return nil, fmt.Errorf("maxReceiveCount %d, VisibilityTimeout %d s; it is 1 to 1000 and, here, 1 to 43200", receives, hidden)
	}
	return &Queue{ID: id, Hidden: time.Duration(hidden) * time.Second, Receives: receives, DeadLetters: dead}, nil
}
