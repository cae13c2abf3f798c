package table

import (
	"fmt"

	"github.com/seatkeeper/seatkeeper/internal/id"
)

// Catalog is what the vendor sells.
const Catalog = "CATALOG"

// CatalogPrefix begins the sort keys of the catalog's products.
const CatalogPrefix = "PRODUCT#"

// CatalogProduct is one product of the catalog.
func CatalogProduct(product string) Key { return Key{Catalog, CatalogPrefix + product} }

// CatalogSeller is who sells: the vendor as it stands on invoices.
func CatalogSeller() Key { return Key{Catalog, "SELLER"} }

// CatalogVersions is how products were offered, version by version; no reading of the catalog meets them.
const CatalogVersions = "CATALOG#VERSIONS"

// CatalogVersion is one version of a product's offer.
func CatalogVersion(product string, n int) Key {
	return Key{CatalogVersions, fmt.Sprintf("%s#%010d", product, n)}
}

// CatalogRev counts the changes of the catalog: its products are held to rules that look at all of them.
func CatalogRev() Key { return Key{Catalog, "REV"} }

// Cart is what a person is about to buy for an account.
func Cart(a id.Account, u id.User) Key { return Key{partition(a, "CART"), string(u)} }

// Quote is a cart's price as it stands for half an hour.
func Quote(a id.Account, q id.Quote) Key { return Key{partition(a, "QUOTES"), string(q)} }

// Orders is what an account bought.
func Orders(a id.Account) string { return partition(a, "ORDERS") }

// Order is one of them.
func Order(a id.Account, o id.Order) Key { return Key{Orders(a), string(o)} }

// OrderSorts: by age within its status.
func OrderSorts(status string, o id.Order) Sorts { return Sorts{LSI1: status + "#" + string(o)} }

// Invoices is what is asked of an account.
func Invoices(a id.Account) string { return partition(a, "INV") }

// Invoice is what is asked for an order.
func Invoice(a id.Account, i id.Invoice) Key { return Key{Invoices(a), string(i)} }

// Removals is what takes licences of an account out of stock.
func Removals(a id.Account) string { return partition(a, "REM") }

// Removal is one of them.
func Removal(a id.Account, r id.Removal) Key { return Key{Removals(a), string(r)} }

// RemovalSorts: the pending ones of a line, by age. One that was applied or withdrawn is in no index.
func RemovalSorts(product string, c id.Contract, pending bool, r id.Removal) Sorts {
	if !pending {
		return nil
	}
	return Sorts{LSI1: ProductPrefix(product) + LineSeats(c) + string(r)}
}

// Requests is what the people of an account ask for.
func Requests(a id.Account) string { return partition(a, "REQ") }

// Request is one of them.
func Request(a id.Account, r id.Request) Key { return Key{Requests(a), string(r)} }

// RequestSorts: by age within its state.
func RequestSorts(state string, r id.Request) Sorts { return Sorts{LSI1: state + "#" + string(r)} }
