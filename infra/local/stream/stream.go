// Package stream reads the table's stream of the engine on this machine and hands its records to a function, as Lambda's
// event source mapping does on AWS: shard by shard, in batches, in order, with retries, cut in two where the template
// says so, and with a file for what is given up. It owns the reading and its position, and nothing of what records mean.
package stream

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams/types"

	"github.com/seatkeeper/seatkeeper/infra/local/bus"
	"github.com/seatkeeper/seatkeeper/infra/local/function"
	"github.com/seatkeeper/seatkeeper/infra/template"
)

const (
	// poll is how often an open shard without records is asked: four times a second, as on AWS.
	poll = 250 * time.Millisecond

	// look is how often new shards are looked for.
	look = 2 * time.Second

	// mostRecords is what one read of a shard gives at most.
	mostRecords = 1000
)

// Config is what a Poller stands on.
type Config struct {
	Client    *dynamodbstreams.Client
	Stream    string // ARN, of Find
	Mapping   template.Stream
	Function  function.Function // Mapping.Function with its handler
	Positions string            // file
	Failures  string            // folder, for what Lambda would leave in S3
	Log       *slog.Logger
	// Pause is the wait before the first retry. It doubles, up to fifty times as much. 0 is 100 ms.
	Pause time.Duration
}

// Poller reads one stream for one function. Make it with New, then Run it.
type Poller struct {
	config    Config
	filters   []*bus.Pattern
	positions *positions
}

// Find gives the ARN of a table's stream.
func Find(ctx context.Context, client *dynamodb.Client, table string) (string, error) {
	seen, err := client.DescribeTable(ctx, &dynamodb.DescribeTableInput{TableName: &table})
	if err != nil {
		return "", fmt.Errorf("stream of table %s: %w", table, err)
	}
	if seen.Table.LatestStreamArn == nil {
		return "", fmt.Errorf("table %s has no stream: drop the engine's data", table)
	}
	return *seen.Table.LatestStreamArn, nil
}

// New reads the filters and the position.
func New(config Config) (*Poller, error) {
	if config.Pause == 0 {
		config.Pause = 100 * time.Millisecond
	}
	p := &Poller{config: config}
	for i, text := range config.Mapping.Filters {
		filter, err := bus.ParsePattern(text)
		if err != nil {
			return nil, fmt.Errorf("filter %d of %s: %w", i+1, config.Mapping.Function, err)
		}
		p.filters = append(p.filters, filter)
	}
	var err error
	p.positions, err = openPositions(config.Positions, config.Stream)
	return p, err
}

// Run reads until the context ends, which is no error.
func (p *Poller) Run(ctx context.Context) error {
	var readers sync.WaitGroup
	defer readers.Wait()
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	reading := map[string]bool{}
	ended := make(chan error) // of a shard that was read to its end, so that its children may begin, or that failed
	for {
		shards, err := p.shards(ctx)
		if err != nil && ctx.Err() == nil {
			p.config.Log.Warn("stream: its shards cannot be listed", "cause", err)
		}
		for _, shard := range p.ready(shards) {
			if reading[shard] {
				continue
			}
			reading[shard] = true
			readers.Go(func() {
				err := p.follow(ctx, shard)
				select {
				case ended <- err:
				case <-ctx.Done():
				}
			})
		}
		timer := time.NewTimer(look)
		select {
		case <-timer.C:
		case err := <-ended:
			if err != nil && ctx.Err() == nil {
				return fmt.Errorf("stream: %w", err)
			}
		case <-ctx.Done():
			return nil
		}
		timer.Stop()
	}
}

// shards lists the stream's shards, and forgets the positions of those that it has no more.
func (p *Poller) shards(ctx context.Context) (all []types.Shard, err error) {
	there := map[string]bool{}
	in := &dynamodbstreams.DescribeStreamInput{StreamArn: &p.config.Stream}
	for {
		out, err := p.config.Client.DescribeStream(ctx, in)
		if err != nil {
			return nil, err
		}
		for _, shard := range out.StreamDescription.Shards {
			there[aws.ToString(shard.ShardId)] = true
			all = append(all, shard)
		}
		if in.ExclusiveStartShardId = out.StreamDescription.LastEvaluatedShardId; in.ExclusiveStartShardId == nil {
			return all, p.positions.keep(there)
		}
	}
}

// ready gives the shards that may be read: those not read to their end whose parent is, or is gone. An item's changes
// keep their order so.
func (p *Poller) ready(shards []types.Shard) (ids []string) {
	open := map[string]bool{}
	for _, shard := range shards {
		id := aws.ToString(shard.ShardId)
		open[id] = !p.positions.of(id).Done
	}
	for _, shard := range shards {
		if id := aws.ToString(shard.ShardId); open[id] && !open[aws.ToString(shard.ParentShardId)] {
			ids = append(ids, id)
		}
	}
	return ids
}

// follow reads a shard from where it was left to its end.
func (p *Poller) follow(ctx context.Context, shard string) error {
	var iterator *string
	for {
		if iterator == nil {
			var err error
			if iterator, err = p.iterator(ctx, shard); err != nil {
				if err := p.pause(ctx, shard, err); err != nil {
					return err
				}
				continue
			}
		}
		out, err := p.config.Client.GetRecords(ctx, &dynamodbstreams.GetRecordsInput{ShardIterator: iterator, Limit: aws.Int32(int32(min(p.config.Mapping.Batch, mostRecords)))})
		if err != nil {
			iterator = nil // it may have expired; a new one begins at the position
			if err := p.pause(ctx, shard, err); err != nil {
				return err
			}
			continue
		}
		if err := p.hand(ctx, shard, out.Records); err != nil {
			return err
		}
		if iterator = out.NextShardIterator; iterator == nil {
			at := p.positions.of(shard)
			at.Done = true
			return p.positions.set(shard, at)
		}
		if len(out.Records) == 0 {
			if err := wait(ctx, poll); err != nil {
				return err
			}
		}
	}
}

// pause tells of a read that failed, and waits.
func (p *Poller) pause(ctx context.Context, shard string, cause error) error {
	var expired *types.ExpiredIteratorException
	if ctx.Err() == nil && !errors.As(cause, &expired) {
		p.config.Log.Warn("stream: a shard cannot be read", "shard", shard, "cause", cause)
	}
	return wait(ctx, look)
}

// iterator begins behind the position; where that was trimmed, or there is none, with the oldest record.
func (p *Poller) iterator(ctx context.Context, shard string) (*string, error) {
	in := &dynamodbstreams.GetShardIteratorInput{StreamArn: &p.config.Stream, ShardId: &shard, ShardIteratorType: types.ShardIteratorTypeTrimHorizon}
	if at := p.positions.of(shard); at.After != "" {
		in.ShardIteratorType, in.SequenceNumber = types.ShardIteratorTypeAfterSequenceNumber, aws.String(at.After)
	}
	out, err := p.config.Client.GetShardIterator(ctx, in)
	if trimmed := (*types.TrimmedDataAccessException)(nil); errors.As(err, &trimmed) {
		p.config.Log.Error("stream: records expired before they were read", "shard", shard, "cause", err)
		in.ShardIteratorType, in.SequenceNumber = types.ShardIteratorTypeTrimHorizon, nil
		out, err = p.config.Client.GetShardIterator(ctx, in)
	}
	if err != nil {
		return nil, err
	}
	return out.ShardIterator, nil
}

// hand passes the records on that a filter lets through.
func (p *Poller) hand(ctx context.Context, shard string, read []types.Record) error {
	var batch []record
	last := ""
	for _, r := range read {
		made, err := newRecord(r, p.config.Stream)
		if err != nil {
			return err
		}
		passes, err := p.passes(made)
		if err != nil {
			return err
		}
		if passes {
			batch = append(batch, made)
		}
		last = made.sequence
	}
	if len(batch) > 0 {
		if err := p.settle(ctx, shard, batch); err != nil {
			return err
		}
	}
	if last == "" || p.positions.of(shard).After == last {
		return nil
	}
	return p.positions.set(shard, position{After: last})
}

func (p *Poller) passes(r record) (bool, error) {
	for _, filter := range p.filters {
		if matched, err := filter.Matches(r.event); err != nil || matched {
			return matched, err
		}
	}
	return len(p.filters) == 0, nil
}
