// Package functions wires the Lambda functions: which operations each serves, and what they stand on. The same wiring
// serves in AWS, under sam local and in the local stack. A function's main reads its environment, wires, and starts.
package functions

import (
	"crypto/rand"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/seatkeeper/seatkeeper/internal/account"
	"github.com/seatkeeper/seatkeeper/internal/activity"
	"github.com/seatkeeper/seatkeeper/internal/alert"
	"github.com/seatkeeper/seatkeeper/internal/catalog"
	"github.com/seatkeeper/seatkeeper/internal/contract"
	"github.com/seatkeeper/seatkeeper/internal/costcenter"
	"github.com/seatkeeper/seatkeeper/internal/export"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/intake"
	"github.com/seatkeeper/seatkeeper/internal/order"
	"github.com/seatkeeper/seatkeeper/internal/platform/files"
	"github.com/seatkeeper/seatkeeper/internal/platform/httpapi"
	"github.com/seatkeeper/seatkeeper/internal/platform/mail"
	"github.com/seatkeeper/seatkeeper/internal/platform/table"
	"github.com/seatkeeper/seatkeeper/internal/platform/token"
	"github.com/seatkeeper/seatkeeper/internal/removal"
	"github.com/seatkeeper/seatkeeper/internal/request"
	"github.com/seatkeeper/seatkeeper/internal/seat"
	"github.com/seatkeeper/seatkeeper/internal/statement"
	"github.com/seatkeeper/seatkeeper/internal/system"
	"github.com/seatkeeper/seatkeeper/internal/user"
)

// Version is the API's, in its OpenAPI document.
const Version = "1"

// Ground is what the HTTP functions stand on.
type Ground struct {
	Table  *table.Table
	Sealer *table.Sealer
	IDs    *id.Maker
	Now    func() time.Time
	Log    *slog.Logger
	// Mailer and Portal, the address that mails lead to, are for the functions that mail. A nil Mailer sends nothing.
	Mailer mail.Mailer
	Portal string
	// Press is for the function of statements, so that what it takes to make a file is in no other.
	Press statement.Press
	// Exports makes links to the files of exports, for the function of accounts.
	Exports files.Links
}

func (g Ground) api() (*account.API, *account.Store) {
	accounts := account.NewStore(g.Table, g.IDs)
	return httpapi.New(httpapi.Config[account.Account]{
		Title: "Seatkeeper", Version: Version, Load: accounts.Load, Table: g.Table, Sealer: g.Sealer, Now: g.Now, Log: g.Log,
	}), accounts
}

func (g Ground) inviter() *account.Inviter { return account.NewInviter(g.Mailer, g.Portal, g.Log) }

func (g Ground) notifier() *seat.Notifier { return seat.NewNotifier(g.Mailer, g.Portal, g.Log) }

// Accounts serves accounts, their permission sets, partners, staff, activity, exports and the caller's own person.
func Accounts(g Ground) *account.API {
	api, accounts := g.api()
	account.Register(api, accounts, activity.NewStore(g.Table), g.inviter())
	export.Register(api, export.NewStore(g.Table, g.IDs), g.Exports)
	return api
}

// Users serves the people of accounts.
func Users(g Ground) *account.API {
	api, _ := g.api()
	products := catalog.NewStore(g.Table, g.IDs)
	seats, orders := seat.NewStore(g.Table, g.IDs, products), order.NewStore(g.Table, g.IDs, products)
	user.Register(api, user.NewStore(g.Table, g.IDs, seats.Follow), g.inviter(), orders.Leave)
	return api
}

// Seats serves seats, cost centers and the vendor's catalog.
func Seats(g Ground) *account.API {
	api, accounts := g.api()
	products := catalog.NewStore(g.Table, g.IDs) // one for both: what an operator changes here counts here at once
	seat.Register(api, seat.NewStore(g.Table, g.IDs, products), accounts, g.notifier())
	costcenter.Register(api, costcenter.NewStore(g.Table, g.IDs))
	catalog.Register(api, products)
	catalog.RegisterShop(api, products, accounts, contract.NewStore(g.Table, g.IDs).Lacking)
	return api
}

// Contracts serves contracts, and the alerts that follow from them.
func Contracts(g Ground) *account.API {
	api, accounts := g.api()
	contracts := contract.NewStore(g.Table, g.IDs)
	contract.Register(api, contracts, accounts)
	alert.Register(api, alert.NewList(g.Table, contracts), accounts)
	return api
}

// Systems serves systems and their mapping.
func Systems(g Ground) *account.API {
	api, accounts := g.api()
	system.Register(api, system.NewStore(g.Table, g.IDs), accounts)
	return api
}

// Checkout serves carts, quotes and orders, removals, and requests.
func Checkout(g Ground) *account.API {
	api, accounts := g.api()
	products := catalog.NewStore(g.Table, g.IDs)
	orders := order.NewStore(g.Table, g.IDs, products)
	order.Register(api, orders, accounts)
	removal.Register(api, removal.NewStore(g.Table, g.IDs, products), accounts)
	request.Register(api, request.NewStore(g.Table, g.IDs, products), order.Requested(orders, accounts))
	return api
}

// Statements serves orders to print and to keep.
func Statements(g Ground) *account.API {
	api, _ := g.api()
	statement.Register(api, g.orders().Get, g.Press)
	return api
}

func (g Ground) orders() *order.Store {
	return order.NewStore(g.Table, g.IDs, catalog.NewStore(g.Table, g.IDs))
}

// Imports serves what the CRM sends.
func Imports(g Ground) *account.API {
	api, _ := g.api()
	intake.Register(api, intake.NewService(g.Table, g.IDs))
	return api
}

// HTTP lists the HTTP functions by the name of their folder.
func HTTP() map[string]func(Ground) *account.API {
	return map[string]func(Ground) *account.API{
		"accounts": Accounts, "users": Users, "contracts": Contracts, "systems": Systems, "seats": Seats, "checkout": Checkout, "statements": Statements, "imports": Imports,
	}
}

// Describe is all functions' operations on one API, for the OpenAPI document. It serves no request: it stands on nothing,
// and a function registers its own operations alone, since each costs time at start.
func Describe() *account.API {
	var nothing Ground
	api, _ := nothing.api()
	RegisterAll(api, nothing)
	return api
}

// RegisterAll adds the operations of all functions to one API.
func RegisterAll(api *account.API, g Ground) {
	accounts, products, contracts := account.NewStore(g.Table, g.IDs), catalog.NewStore(g.Table, g.IDs), contract.NewStore(g.Table, g.IDs)
	seats, orders := seat.NewStore(g.Table, g.IDs, products), order.NewStore(g.Table, g.IDs, products)
	account.Register(api, accounts, activity.NewStore(g.Table), g.inviter())
	export.Register(api, export.NewStore(g.Table, g.IDs), g.Exports)
	user.Register(api, user.NewStore(g.Table, g.IDs, seats.Follow), g.inviter(), orders.Leave)
	seat.Register(api, seats, accounts, g.notifier())
	costcenter.Register(api, costcenter.NewStore(g.Table, g.IDs))
	catalog.Register(api, products)
	catalog.RegisterShop(api, products, accounts, contracts.Lacking)
	contract.Register(api, contracts, accounts)
	alert.Register(api, alert.NewList(g.Table, contracts), accounts)
	system.Register(api, system.NewStore(g.Table, g.IDs), accounts)
	order.Register(api, orders, accounts)
	removal.Register(api, removal.NewStore(g.Table, g.IDs, products), accounts)
	request.Register(api, request.NewStore(g.Table, g.IDs, products), order.Requested(orders, accounts))
	statement.Register(api, orders.Get, g.Press)
	intake.Register(api, intake.NewService(g.Table, g.IDs))
}

// Environment reads a function's variables; what is missing ends the process at start, with its name.
type Environment struct {
	missing []string
}

// Need reads a variable that must be set.
func (e *Environment) Need(name string) string {
	v := os.Getenv(name)
	if v == "" {
		e.missing = append(e.missing, name)
	}
	return v
}

// Given reads a variable that must be there and may be empty.
func (e *Environment) Given(name string) string {
	v, there := os.LookupEnv(name)
	if !there {
		e.missing = append(e.missing, name)
	}
	return v
}

// Check ends the process if variables were missing.
func (e *Environment) Check() {
	if len(e.missing) > 0 {
		exit(fmt.Errorf("set the environment variable %s", strings.Join(e.missing, ", ")))
	}
}

func exit(err error) {
	fmt.Fprintln(os.Stderr, "seatkeeper:", err)
	os.Exit(1)
}

// Deployed is the ground in AWS and under sam local, from the function's environment. The configuration is made by
// hand, since loading the default one costs more than everything else at start.
func Deployed() Ground {
	var env Environment
	name, secret, as := env.Need("TABLE"), env.Need("PAGE_TOKEN_KEY"), identify(&env)
	env.Check()
	if strings.HasPrefix(secret, "{{resolve:") {
		exit(fmt.Errorf("PAGE_TOKEN_KEY is a reference that nobody resolved: under sam local give the parameter PageTokenKey"))
	}
	sealer, err := table.NewSealer(secret, rand.Reader)
	if err != nil {
		exit(err)
	}
	return Ground{Table: deployedTable(name, as), Sealer: sealer, IDs: id.NewMaker(rand.Reader), Now: time.Now, Log: Logger()}
}

// deployedTable is the table of that name, on DynamoDB or on DYNAMODB_ENDPOINT.
func deployedTable(name string, as identity) *table.Table {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = 16
	web := &http.Client{Transport: transport}
	endpoint := os.Getenv("DYNAMODB_ENDPOINT")
	client := dynamodb.New(dynamodb.Options{
		Region: as.region, HTTPClient: web, BaseEndpoint: optional(endpoint), Credentials: as.credentials,
	})
	if endpoint == "" {
		go warm(web, "https://dynamodb."+as.region+".amazonaws.com/ping")
	}
	return table.New(client, name, nil)
}

// identity is who a function is to AWS, and where.
type identity struct {
	region      string
	credentials aws.CredentialsProvider
}

func identify(env *Environment) identity {
	key, secret := env.Need("AWS_ACCESS_KEY_ID"), env.Need("AWS_SECRET_ACCESS_KEY")
	return identity{env.Need("AWS_REGION"), aws.NewCredentialsCache(credentials.NewStaticCredentialsProvider(key, secret, os.Getenv("AWS_SESSION_TOKEN")))}
}

func optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// warm opens the connection that the first request needs, TLS included, while the runtime waits for that request. That
// it fails is no matter: the request then opens its own.
func warm(web *http.Client, address string) {
	if r, err := web.Get(address); err == nil {
		r.Body.Close()
	}
}

// Logger writes JSON lines to standard output, as Lambda collects them.
func Logger() *slog.Logger { return slog.New(slog.NewJSONHandler(os.Stdout, nil)) }

// Authorizer verifies bearer tokens, from the function's environment.
func Authorizer() *token.Verifier {
	var env Environment
	issuer, audience, keys := env.Need("ISSUER"), env.Need("AUDIENCE"), env.Need("JWKS_URL")
	env.Check()
	return token.New(issuer, audience, keys, time.Now)
}
