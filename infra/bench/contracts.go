package main

import (
	"context"
	"fmt"
	"io"
	"time"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"golang.org/x/sync/errgroup"

	"github.com/seatkeeper/seatkeeper/internal/contract"
	"github.com/seatkeeper/seatkeeper/internal/date"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
)

const (
	today = date.Date("2026-11-21")
	page  = 50
)

// contracts measures a page of an account's contracts, in the default order and in one that merges two sources.
func contracts(ctx context.Context, out io.Writer, client *dynamodb.Client, size int) error {
	db, ids := table.New(client, tableName, nil), newIDs()
	account := id.New[id.Account](ids, time.Now())
	if err := seedContracts(ctx, db, ids, account, size); err != nil {
		return err
	}
	store := contract.NewStore(db)
	byStatus := contract.Listing{Order: contract.ByStatus}
	list := func(l contract.Listing) func(context.Context) (int, error) {
		return func(ctx context.Context) (int, error) {
			p, err := store.List(ctx, account, today, l, nil, page)
			return len(p.Contracts), err
		}
	}
	active := bareQuery(client, account, contract.Active)
	expired := bareQuery(client, account, contract.Expired)
	for _, p := range []pair{
		{"first page, default order", list(byStatus), active},
		{"first page by name", list(contract.Listing{Order: contract.ByName}), func(ctx context.Context) error {
			both, ctx := errgroup.WithContext(ctx)
			both.Go(func() error { return active(ctx) })
			both.Go(func() error { return expired(ctx) })
			return both.Wait()
		}},
	} {
		row, err := p.measure(ctx)
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "%d\t%s\n", size, row)
	}
	return nil
}

// bareQuery is the Query of a page with the SDK alone: no decoding, no metering.
func bareQuery(client *dynamodb.Client, a id.Account, status contract.Status) func(context.Context) error {
	in := &dynamodb.QueryInput{
		TableName: aws.String(tableName), IndexName: aws.String("LSI1"), ConsistentRead: aws.Bool(true), Limit: aws.Int32(page + 1),
		KeyConditionExpression: aws.String("PK = :pk AND LSI1 BETWEEN :from AND :to"),
		ExpressionAttributeValues: map[string]types.AttributeValue{
			":pk":   &types.AttributeValueMemberS{Value: table.Contracts(a)},
			":from": &types.AttributeValueMemberS{Value: string(status) + "#"},
			":to":   &types.AttributeValueMemberS{Value: string(status) + "#" + string(utf8.MaxRune)},
		},
	}
	return func(ctx context.Context) error {
		_, err := client.Query(ctx, in)
		return err
	}
}

// seedContracts fills an account, 9 in 10 contracts active, without the words for search: they are not measured here
// and would multiply the rows by six.
func seedContracts(ctx context.Context, db *table.Table, ids *id.Maker, a id.Account, size int) error {
	var ops []table.Op
	for i := range size {
		f := contract.Facts{Name: fmt.Sprintf("Order form 2026-%06d", i*7919%size), Start: "2026-01-01", Expiry: today.AddDays(1 + i%700), Purchased: i % 9}
		if i%10 == 9 {
			f.Expiry = today.AddDays(-i % 700)
		}
		c := contract.Contract{ID: id.New[id.Contract](ids, time.Now()), CRM: "800L2cEpVZzAQlxI0G", Facts: f, Mapped: i % 7}.Settled(time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC))
		made, err := contract.CreateOps(a, c)
		if err != nil {
			return err
		}
		if ops = append(ops, made[0]); len(ops) == table.MaxOps || i == size-1 {
			if err := db.Write(ctx, ops...); err != nil {
				return err
			}
			ops = nil
		}
	}
	return nil
}
