package stream

import (
	"encoding/json"
	"path/filepath"
	"time"

	"github.com/seatkeeper/seatkeeper/infra/local/file"
)

// Why records are given up.
const (
	exhausted = "RetryAttemptsExhausted"
	tooOld    = "RecordAgeExceeded"
)

// failure is the document that Lambda leaves in S3 about records that it gave up on.
type failure struct {
	RequestContext struct {
		FunctionARN string `json:"functionArn"`
		Condition   string `json:"condition"`
		Invocations int    `json:"approximateInvokeCount"`
	} `json:"requestContext"`
	ResponseContext struct {
		StatusCode      int    `json:"statusCode"`
		ExecutedVersion string `json:"executedVersion"`
		FunctionError   string `json:"functionError,omitempty"`
	} `json:"responseContext"`
	Version   string    `json:"version"`
	Timestamp time.Time `json:"timestamp"`
	Batch     struct {
		ShardID   string    `json:"shardId"`
		Start     string    `json:"startSequenceNumber"`
		End       string    `json:"endSequenceNumber"`
		First     time.Time `json:"approximateArrivalOfFirstRecord"`
		Last      time.Time `json:"approximateArrivalOfLastRecord"`
		Size      int       `json:"batchSize"`
		StreamARN string    `json:"streamArn"`
	} `json:"DDBStreamBatchInfo"`
	Payload string `json:"payload"` // the event of the call, as JSON in a string
}

// giveUp keeps a batch as Lambda's destination in S3 would, and tells of it. The file has the first record's sequence
// number, so that a repeat after a kill writes the same one.
func (p *Poller) giveUp(shard string, batch []record, condition string, calls int, cause error) error {
	event, err := payload(batch)
	if err != nil {
		return err
	}
	first, last := batch[0], batch[len(batch)-1]
	var f failure
	f.RequestContext.FunctionARN, f.RequestContext.Condition, f.RequestContext.Invocations = p.config.Function.ID, condition, calls
	f.ResponseContext.StatusCode, f.ResponseContext.ExecutedVersion, f.ResponseContext.FunctionError = 200, "$LATEST", "Unhandled"
	f.Version, f.Timestamp, f.Payload = "1.0", time.Now().UTC(), string(event)
	f.Batch.ShardID, f.Batch.Start, f.Batch.End = shard, first.sequence, last.sequence
	f.Batch.First, f.Batch.Last, f.Batch.Size, f.Batch.StreamARN = first.at.UTC(), last.at.UTC(), len(batch), p.config.Stream
	text, err := json.MarshalIndent(f, "", "  ")
	if err != nil {
		return err
	}
	p.config.Log.Error("stream: records were given up, make replay sends them again", "function", p.config.Function.ID, "records", len(batch), "condition", condition, "calls", calls, "cause", cause)
	return file.Write(filepath.Join(p.config.Failures, shard+"-"+first.sequence+".json"), text)
}
