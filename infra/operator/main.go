// Command operator makes a deployment's very first operator, whom nobody could add. Every other right is granted over
// HTTP by somebody who has it; where a person has a subject here already, so that no address lets them in any more, the
// command also makes that subject a partner's staff or a member of an account. It writes to the deployment's table with
// the credentials of whoever runs it, and leaves a record.
package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"time"

	"github.com/alecthomas/kong"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/account"
	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
)

type arguments struct {
	Table    string `required:"" help:"The deployment's table: the output TableName of its stack."`
	Issuer   string `required:"" help:"The issuer (iss) of the person's tokens."`
	Subject  string `required:"" help:"The subject (sub) of the person's tokens."`
	Name     string `required:"" help:"The person's name, as activity shows it."`
	Partner  string `help:"The id of a partner: the person becomes its staff, not an operator." xor:"as"`
	Account  string `help:"The id of an account: the person becomes a member of it, not an operator." xor:"as"`
	Role     string `enum:"super_administrator,administrator,manage_licences,manage_users,manage_billing,view" default:"super_administrator" help:"Their role in that account."`
	Endpoint string `env:"DYNAMODB_ENDPOINT" help:"Another DynamoDB engine."`
}

func main() {
	var a arguments
	kong.Parse(&a, kong.Description("Makes somebody an operator of a deployment, a partner's staff, or a member of an account."))
	if err := run(context.Background(), a); err != nil {
		fmt.Fprintln(os.Stderr, "operator:", err)
		os.Exit(1)
	}
	fmt.Printf("%s is let in. Their next call has the rights.\n", a.Name)
}

func run(ctx context.Context, a arguments) error {
	loaded, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		return err
	}
	client := dynamodb.NewFromConfig(loaded, func(o *dynamodb.Options) {
		if a.Endpoint != "" {
			o.BaseEndpoint = &a.Endpoint
		}
	})
	ids, now := id.NewMaker(rand.Reader), time.Now()
	store := account.NewStore(table.New(client, a.Table, nil), ids)
	who := access.Subject{Issuer: a.Issuer, ID: a.Subject}
	by := activity.Author{Kind: access.Operator, Name: os.Getenv("USER"), UserAgent: "infra/operator"}
	if a.Account == "" {
		return store.Staff(ctx, who, a.Name, id.Partner(a.Partner), now, by)
	}
	acc, ok := id.Parse[id.Account](a.Account)
	if !ok {
		return fmt.Errorf("%s is not the id of an account", a.Account)
	}
	if _, err := store.Get(ctx, acc); err != nil {
		return fmt.Errorf("account %s: %w", a.Account, err)
	}
	member := account.Member{Account: acc, User: id.New[id.User](ids, now), Name: a.Name, Roles: []access.Role{access.Role(a.Role)}}
	return store.Enrol(ctx, who, member, now, by)
}
