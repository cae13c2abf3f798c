package main

import (
	"context"
	"fmt"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
	"github.com/seatkeeper/seatkeeper/internal/user"
)

const (
	// sought begins a word of exactly as many people as a page has, whatever the size of the account.
	sought = "quint"
	// searchLimit is how many words a search looks at.
	searchLimit = 200
)

// users measures a page of an account's people by name, and the people found by the beginning of a word.
func users(ctx context.Context, g ground, size int) ([]pair, error) {
	var found []table.Key
	if err := g.write(ctx, size, func(i int) ([]table.Op, error) {
		u := person(g, i, size)
		if i < page {
			found = append(found, table.User(g.account, u.ID))
		}
		return userOps(g, u)
	}); err != nil {
		return nil, err
	}
	store := user.NewStore(g.db, g.ids, nil)
	list := func(search string) func(context.Context) (int, error) {
		return func(ctx context.Context) (int, error) {
			people, _, _, err := store.List(ctx, g.account, search, nil, page)
			return len(people), err
		}
	}
	words, rows := g.query(table.UserTerms(g.account), "SK", sought, sought+string(utf8.MaxRune), searchLimit), g.get(found)
	return []pair{
		{name: "first page by name", store: list(""), bare: g.queryAll(table.Users(g.account), "LSI1", page+1)},
		{name: "found by a word's beginning", store: list(sought), bare: func(ctx context.Context) error {
			if err := words(ctx); err != nil {
				return err
			}
			return rows(ctx)
		}},
	}, nil
}

// person is the i-th of an account; the first page of them have the name that is sought, and stand far apart by name.
func person(g ground, i, size int) user.User {
	family := fmt.Sprintf("Martin%06d", i)
	if i < page {
		family = fmt.Sprintf("Quintero%02d", i)
	}
	given := fmt.Sprintf("Anne%06d", i*7919%size)
	return user.User{
		ID: id.New[id.User](g.ids, g.now), State: user.Active, AddedAt: g.now, Rev: 1,
		Details: user.Details{Name: given + " " + family, Email: given + "." + family + "@customer.example", Extension: "4021", Roles: []access.Role{access.Viewer}},
	}
}

// userOps make a person's row, and the one word of theirs that a search may look for: the others are not measured here
// and would multiply the rows by four.
func userOps(g ground, u user.User) ([]table.Op, error) {
	item, err := table.Encode(u)
	if err != nil {
		return nil, err
	}
	table.UserSorts(u.Name, u.ID).Put(item)
	word := table.Terms(u.Name)[1:]
	return append(table.TermOps(table.UserTerms(g.account), string(u.ID), "", nil, u.Name, word), table.Put(table.User(g.account, u.ID), item, table.Absent())), nil
}

// queryAll is a Query of a whole partition in an index, from its beginning, with the SDK alone.
func (g ground) queryAll(partition, index string, limit int32) func(context.Context) error {
	in := &dynamodb.QueryInput{
		TableName: aws.String(tableName), IndexName: aws.String(index), ConsistentRead: aws.Bool(true), Limit: aws.Int32(limit),
		KeyConditionExpression:    aws.String("PK = :pk"),
		ExpressionAttributeValues: map[string]types.AttributeValue{":pk": &types.AttributeValueMemberS{Value: partition}},
	}
	return func(ctx context.Context) error {
		_, err := g.client.Query(ctx, in)
		return err
	}
}

// get is a BatchGetItem with the SDK alone.
func (g ground) get(keys []table.Key) func(context.Context) error {
	asked := make([]table.Item, len(keys))
	for i, k := range keys {
		asked[i] = table.Item{"PK": &types.AttributeValueMemberS{Value: k.PK}, "SK": &types.AttributeValueMemberS{Value: k.SK}}
	}
	in := &dynamodb.BatchGetItemInput{RequestItems: map[string]types.KeysAndAttributes{tableName: {Keys: asked, ConsistentRead: aws.Bool(true)}}}
	return func(ctx context.Context) error {
		_, err := g.client.BatchGetItem(ctx, in)
		return err
	}
}
