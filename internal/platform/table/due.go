package table

import (
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/seatkeeper/seatkeeper/internal/date"
	"github.com/seatkeeper/seatkeeper/internal/id"
)

// Due enters the row into the index of what is due.
func (e *Edit) Due(day date.Date, a id.Account, noun, entity string) {
	pk, sk := DueSorts(day, a, noun, entity)
	e.Set(pk, "GSI1PK")
	e.Set(sk, "GSI1SK")
}

// Undue takes the row out of it.
func (e *Edit) Undue() {
	e.Drop("GSI1PK")
	e.Drop("GSI1SK")
}

// KeepDue leaves a row that is written anew in the index of what is due as it was.
func KeepDue(was, is Item) {
	for _, a := range []string{"GSI1PK", "GSI1SK"} {
		if v, there := was[a]; there {
			is[a] = v
		}
	}
}

// DueRow is a row that is due, by its keys alone: what it says now is read from the table itself, since the index may be
// late.
type DueRow struct {
	Key     Key
	Day     date.Date
	Account id.Account
	Noun    string
	Entity  string
}

// Due reads what is due until a day, the earliest first, at most limit rows behind a row of the same shard: 1 Query,
// eventually consistent, half a unit for each 4 KB. more tells that there may be others.
func (t *Table) Due(ctx context.Context, shard int, until date.Date, after *DueRow, limit int) (rows []DueRow, more bool, err error) {
	in := &dynamodb.QueryInput{
		TableName: &t.name, IndexName: aws.String("GSI1"), Limit: aws.Int32(int32(limit)),
		KeyConditionExpression: aws.String("GSI1PK = :shard AND GSI1SK < :end"),
		ExpressionAttributeValues: map[string]types.AttributeValue{
			":shard": &types.AttributeValueMemberS{Value: DueShard(shard)}, ":end": &types.AttributeValueMemberS{Value: string(until) + "#" + Last},
		},
	}
	if after != nil {
		pk, sk := DueSorts(after.Day, after.Account, after.Noun, after.Entity)
		in.ExclusiveStartKey = after.Key.item()
		in.ExclusiveStartKey["GSI1PK"], in.ExclusiveStartKey["GSI1SK"] = &types.AttributeValueMemberS{Value: pk}, &types.AttributeValueMemberS{Value: sk}
	}
	var out *dynamodb.QueryOutput
	err = t.faults.around(ctx, "query", func() (err error) {
		out, err = t.client.Query(ctx, in)
		return err
	})
	if err != nil {
		return nil, false, fmt.Errorf("query what is due in shard %d: %w", shard, orBusy(err))
	}
	bytes := 0
	for _, item := range out.Items {
		bytes += Size(item)
		row, err := dueRow(item)
		if err != nil {
			return nil, false, err
		}
		rows = append(rows, row)
	}
	meter(ctx).add(1, 0, readUnits(bytes)/2, 0)
	return rows, len(out.LastEvaluatedKey) > 0, nil
}

func dueRow(item Item) (DueRow, error) {
	parts := strings.SplitN(attr(item, "GSI1SK"), "#", 4)
	if len(parts) != 4 {
		return DueRow{}, fmt.Errorf("a row that is due has the sort key %q", attr(item, "GSI1SK"))
	}
	return DueRow{Key: keyOf(item), Day: date.Date(parts[0]), Account: id.Account(parts[1]), Noun: parts[2], Entity: parts[3]}, nil
}
