package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
)

// replay goes through what was kept.
type replay struct {
	kept      kept
	functions *lambda.Client
	function  string
	dryRun    bool
	out       io.Writer
}

// run sends one document after the other. One that is not taken stays where it is and holds up no other; the error says
// how many stayed.
func (r *replay) run(ctx context.Context) error {
	sent, records, stayed := 0, 0, 0
	for name, err := range r.kept.names(ctx) {
		if err != nil {
			return err
		}
		n, err := r.one(ctx, name)
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err != nil:
			stayed++
			fmt.Fprintf(r.out, "%s stays: %v\n", name, err)
		default:
			sent, records = sent+1, records+n
			fmt.Fprintf(r.out, "%s: %d records\n", name, n)
		}
	}
	verb := "sent and removed"
	if r.dryRun {
		verb = "to be sent"
	}
	fmt.Fprintf(r.out, "%d documents with %d records %s\n", sent, records, verb)
	if stayed > 0 {
		return fmt.Errorf("%d documents stay", stayed)
	}
	return nil
}

// one sends the records of a document and removes it once the function has taken them all. Killed between the two, the
// next run sends them again, which is no harm.
func (r *replay) one(ctx context.Context, name string) (records int, err error) {
	text, err := r.kept.read(ctx, name)
	if err != nil {
		return 0, err
	}
	event, records, err := payload(text)
	if err != nil || r.dryRun {
		return records, err
	}
	if err := r.call(ctx, event); err != nil {
		return 0, err
	}
	return records, r.kept.remove(ctx, name)
}

// payload takes the event of the call that failed out of a document. AWS shows it as a string with JSON in it; a JSON
// object is taken as well.
func payload(document []byte) (event []byte, records int, err error) {
	var d struct {
		Payload json.RawMessage `json:"payload"`
	}
	if err := json.Unmarshal(document, &d); err != nil {
		return nil, 0, fmt.Errorf("it is not Lambda's: %w", err)
	}
	event = d.Payload
	var text string
	if json.Unmarshal(event, &text) == nil {
		event = []byte(text)
	}
	var read events.DynamoDBEvent
	if err := json.Unmarshal(event, &read); err != nil {
		return nil, 0, fmt.Errorf("its payload is no event of a stream: %w", err)
	}
	if len(read.Records) == 0 {
		return nil, 0, errors.New("there are no records in its payload")
	}
	return event, len(read.Records), nil
}

// call calls the function and takes a partial answer for what it is.
func (r *replay) call(ctx context.Context, event []byte) error {
	out, err := r.functions.Invoke(ctx, &lambda.InvokeInput{FunctionName: &r.function, Payload: event})
	if err != nil {
		return fmt.Errorf("calling %s: %w", r.function, err)
	}
	if out.FunctionError != nil {
		return fmt.Errorf("%s failed (%s): %.500s", r.function, aws.ToString(out.FunctionError), out.Payload)
	}
	var answer events.DynamoDBEventResponse
	if len(out.Payload) > 0 {
		if err := json.Unmarshal(out.Payload, &answer); err != nil {
			return fmt.Errorf("the answer of %s: %w", r.function, err)
		}
	}
	if n := len(answer.BatchItemFailures); n > 0 {
		return fmt.Errorf("%s did not take %d of its records", r.function, n)
	}
	return nil
}
