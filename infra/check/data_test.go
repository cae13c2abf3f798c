package check

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/smithy-go/middleware"

	"github.com/seatkeeper/seatkeeper/functions"
	"github.com/seatkeeper/seatkeeper/infra/enginetest"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/files"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
)

// takingAway is an account that is exported, and somebody of it who asked for seats, left, and is erased.
func (s *story) takingAway(c *customer) {
	s.t.Helper()
	account := "/v1/accounts/" + string(c.account)
	who := s.subject()
	who.Email = strings.ToLower(who.ID) + "@example.com"
	row := userTitles + fmt.Sprintf("%s;%s;Inès Noir;;fr;gérer les licences\n", c.crm, who.Email)
	s.counts(s.file("users", row), map[string]int{"created": 1})
	s.want(http.StatusCreated, request{as: who, method: http.MethodPost, path: account + "/requests", body: `{"kind":"support","message":"Au secours"}`})
	person := s.only(s.operator, account+"/users?q="+who.Email)

	start := request{as: s.operator, method: http.MethodPost, path: account + "/exports", headers: map[string]string{"idempotency-key": "1"}}
	first := s.want(http.StatusAccepted, start)
	if again := s.want(http.StatusAccepted, start); again.Body != first.Body {
		s.t.Errorf("the repeat is answered %s, want %s", again.Body, first.Body)
	}
	start.headers = map[string]string{"idempotency-key": "2"}
	s.want(http.StatusConflict, start)

	path := account + "/users/" + person
	erase := request{as: s.operator, method: http.MethodPost, path: path + "/erasure", body: fmt.Sprintf(`{"email":%q}`, who.Email), headers: map[string]string{"idempotency-key": "1"}}
	s.want(http.StatusConflict, erase)
	s.want(http.StatusOK, request{as: s.operator, method: http.MethodPatch, path: path, body: `{"state":"deactivated"}`, headers: map[string]string{"if-match": "*"}})
	// What somebody else asked for stands in their cart.
	inCart := id.New[id.Request](s.ids, s.now)
	s.keep(table.Request(c.account, inCart), map[string]any{"id": inCart, "state": "in_cart", "rev": 1})
	s.keep(table.Cart(c.account, id.User(person)), map[string]any{"items": []map[string]any{{"product": "phone", "quantity": 1}}, "requests": map[string]any{string(inCart): []string{"phone"}}, "rev": 1})
	s.want(http.StatusAccepted, erase)
	s.want(http.StatusAccepted, erase)

	// What they bought and took out of stock, as far as an erasure looks at it.
	for key, names := range map[table.Key]string{table.Order(c.account, id.New[id.Order](s.ids, s.now)): "buyer", table.Removal(c.account, id.New[id.Removal](s.ids, s.now)): "by"} {
		s.keep(key, map[string]any{names: map[string]string{"id": person, "name": "Inès Noir"}, "rev": 1})
	}
	rec := &recorder{during: "an export or an erasure"}
	s.recorders["exports"] = rec
	client, name := enginetest.Open(s.t)
	overtaken := s.overtaken(client, name, "#ORDERS", "#REM", "#REQ", "#ACT#")
	g := ground(s.t, table.New(rec.client(overtaken), name, nil), func() time.Time { return s.now })
	do := functions.Exports(g, files.Folder{Path: s.t.TempDir(), Now: g.Now})
	for kind, subject := range map[string]string{"ExportRequested": first.word("id"), "UserErased": person} {
		body, err := json.Marshal(events.EventBridgeEvent{DetailType: kind, Detail: json.RawMessage(fmt.Sprintf(`{"accountId":%q,"subject":{"id":%q}}`, c.account, subject))})
		s.must(err)
		for range 2 { // an event comes twice
			s.must(do(s.t.Context(), events.SQSEvent{Records: []events.SQSMessage{{Body: string(body)}}}))
		}
	}
	if r := s.get(s.operator, account+"/exports/"+first.word("id")); r.word("state") != "ready" || r.word("url") == "" {
		s.t.Errorf("the export is %s", r.Body)
	}
	if r := s.get(s.operator, path); r.word("state") != "erased" {
		s.t.Errorf("the person is %s", r.Body)
	}
	s.pages(s.operator, account+"/exports")
	// The same address is somebody new from now on.
	s.counts(s.file("users", row), map[string]int{"created": 1})
	if again := s.only(s.operator, account+"/users?q="+who.Email); again == person {
		s.t.Error("an import brought back who was erased")
	}
}

// keep writes a row as it stands.
func (s *story) keep(key table.Key, row map[string]any) {
	s.t.Helper()
	item, err := table.Encode(row)
	s.must(err)
	s.must(s.table.Write(s.t.Context(), table.Put(key, item, table.Absent())))
}

// overtaken is a client before whose first write over a row of each noun somebody else changes that row.
func (s *story) overtaken(of *dynamodb.Client, tableName string, nouns ...string) *dynamodb.Client {
	hurry := middleware.InitializeMiddlewareFunc("overtake", func(ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler) (middleware.InitializeOutput, middleware.Metadata, error) {
		put, ok := in.Parameters.(*dynamodb.PutItemInput)
		if !ok {
			return next.HandleInitialize(ctx, in)
		}
		if n := slices.IndexFunc(nouns, func(noun string) bool { return strings.Contains(word(put.Item["PK"]), noun) }); n >= 0 {
			nouns = slices.Delete(nouns, n, n+1)
			_, err := of.UpdateItem(ctx, &dynamodb.UpdateItemInput{
				TableName: &tableName, Key: map[string]types.AttributeValue{"PK": put.Item["PK"], "SK": put.Item["SK"]},
				UpdateExpression: aws.String("ADD rev :one"), ExpressionAttributeValues: map[string]types.AttributeValue{":one": &types.AttributeValueMemberN{Value: "1"}},
			})
			if err != nil {
				return middleware.InitializeOutput{}, middleware.Metadata{}, err
			}
		}
		return next.HandleInitialize(ctx, in)
	})
	return dynamodb.New(of.Options(), func(options *dynamodb.Options) {
		options.APIOptions = append(slices.Clone(options.APIOptions), func(stack *middleware.Stack) error {
			return stack.Initialize.Add(hurry, middleware.After)
		})
	})
}
