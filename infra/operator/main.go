// Command operator makes somebody an operator of a deployment: its first one, since every other right is granted by
// somebody who has it. It writes to the deployment's table with the credentials of whoever runs it, and leaves a record.
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
	Endpoint string `env:"DYNAMODB_ENDPOINT" help:"Another DynamoDB engine."`
}

func main() {
	var a arguments
	kong.Parse(&a, kong.Description("Makes somebody an operator of a deployment."))
	if err := run(context.Background(), a); err != nil {
		fmt.Fprintln(os.Stderr, "operator:", err)
		os.Exit(1)
	}
	fmt.Printf("%s is an operator. Their next call has the rights.\n", a.Name)
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
	store := account.NewStore(table.New(client, a.Table, nil), id.NewMaker(rand.Reader))
	who := access.Subject{Issuer: a.Issuer, ID: a.Subject}
	by := activity.Author{Kind: access.Operator, Name: os.Getenv("USER"), UserAgent: "infra/operator"}
	return store.Staff(ctx, who, a.Name, "", time.Now(), by)
}
