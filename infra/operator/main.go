// Command operator makes a deployment's very first operator, whom nobody could add. Every other right is granted over
// HTTP by somebody who has it; for somebody whom no invitation lets in, since their tokens carry no verified address or it let in
// another subject, the command also makes a subject a partner's staff, or the person of an account who has an address
// there. It writes to the deployment's table with the credentials of whoever runs it, and leaves a record.
package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"slices"
	"time"

	"github.com/alecthomas/kong"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/account"
	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/catalog"
	"github.com/seatkeeper/seatkeeper/internal/fault"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/platform/mail"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
	"github.com/seatkeeper/seatkeeper/internal/seat"
	"github.com/seatkeeper/seatkeeper/internal/user"
)

type arguments struct {
	Table    string `required:"" help:"The deployment's table: the output TableName of its stack."`
	Issuer   string `required:"" help:"The issuer (iss) of the person's tokens."`
	Subject  string `required:"" help:"The subject (sub) of the person's tokens."`
	Name     string `required:"" help:"The person's name, as activity shows it."`
	Partner  string `help:"The id of a partner: the person becomes its staff, not an operator." xor:"as"`
	Account  string `help:"The id of an account: the person becomes a member of it, not an operator. Needs --email." xor:"as"`
	Email    string `help:"The person's address in that account. Whoever has it there is who is let in; where nobody has, the person is added."`
	Role     string `enum:",super_administrator,administrator,manage_licences,manage_users,manage_billing,view" default:"" help:"The role of somebody who is added to the account: super_administrator, unless another is given. Who is there already keeps theirs."`
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
	d := deployment{table: table.New(client, a.Table, nil), ids: id.NewMaker(rand.Reader), now: time.Now()}
	d.by = activity.Author{Kind: access.Operator, Name: os.Getenv("USER"), UserAgent: "infra/operator"}
	return d.letIn(ctx, a)
}

// deployment is the table that the command writes to, and what its records say.
type deployment struct {
	table *table.Table
	ids   *id.Maker
	now   time.Time
	by    activity.Author
}

func (d deployment) letIn(ctx context.Context, a arguments) error {
	store := account.NewStore(d.table, d.ids)
	who := access.Subject{Issuer: a.Issuer, ID: a.Subject}
	if a.Account == "" {
		return store.Staff(ctx, who, a.Name, id.Partner(a.Partner), d.now, d.by)
	}
	acc, ok := id.Parse[id.Account](a.Account)
	if !ok {
		return fmt.Errorf("%s is not the id of an account", a.Account)
	}
	if _, err := store.Get(ctx, acc); err != nil {
		return fmt.Errorf("account %s: %w", a.Account, err)
	}
	person, err := d.person(ctx, acc, a)
	if err != nil {
		return err
	}
	return store.Enrol(ctx, who, person.Member(acc), d.now, d.by)
}

// person finds whoever has the address in the account, or adds them as an operator does over HTTP.
func (d deployment) person(ctx context.Context, acc id.Account, a arguments) (user.User, error) {
	address, err := mail.ParseAddress("", a.Email)
	if err != nil {
		return user.User{}, fmt.Errorf("--email %q: an address in the account is needed: %w", a.Email, err)
	}
	people := user.NewStore(d.table, d.ids, seat.NewStore(d.table, d.ids, catalog.NewStore(d.table, d.ids)).Follow)
	found, err := people.Find(ctx, acc, address.Email)
	switch f, refused := fault.Of(err); {
	case refused && f.Kind == fault.NotFound:
	case err != nil:
		return user.User{}, err
	case a.Role != "" && !slices.Equal(found.Roles, []access.Role{access.Role(a.Role)}):
		return user.User{}, fmt.Errorf("%s is there with the roles %v: leave --role out, or change them over HTTP", address.Email, found.Roles)
	default:
		return found, nil
	}
	role := access.SuperAdministrator
	if a.Role != "" {
		role = access.Role(a.Role)
	}
	ch := user.Change{Account: acc, Caller: access.Caller{Kind: access.Operator}, Now: d.now, By: d.by}
	details := user.Details{Name: a.Name, Email: address.Email, Roles: []access.Role{role}}
	return people.Add(ctx, ch, details, func(user.User) ([]table.Op, error) { return nil, nil })
}
