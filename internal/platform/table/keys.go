package table

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash/fnv"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/seatkeeper/seatkeeper/internal/access"
	"github.com/seatkeeper/seatkeeper/internal/date"
	"github.com/seatkeeper/seatkeeper/internal/id"
	"github.com/seatkeeper/seatkeeper/internal/text"
)

// All keys of the table are built in this file, and those of what is bought in buyingkeys.go (DATA.md, Keys). Partitions are named by noun, so that a function's
// role can be held to the nouns it works on; the patterns stand in template.yaml.

// longest keeps a name within what a sort key can take beside ids and words.
const longest = 200

// name is how a name sorts: folded, shortened, the way every index has it.
func name(s string) string {
	folded := text.Fold(s)
	if len(folded) > longest {
		return strings.ToValidUTF8(folded[:longest], "")
	}
	return folded
}

// end ends a name in a key. It sorts below every character that a folded name keeps, the space among them, so that a
// name stands before the longer names that begin with it.
const end = "\x1f"

func partition(a id.Account, noun string) string { return "ACCOUNT#" + string(a) + "#" + noun }

// Settings is an account's settings; they have a partition name of their own, since a pattern for the others would
// cover them.
func Settings(a id.Account) Key { return Key{"SETTINGS#" + string(a), "META"} }

// PermissionSets is an account's named sets of permissions, in one row: every request needs all of its caller's.
func PermissionSets(a id.Account) Key { return Key{"SETTINGS#" + string(a), "SETS"} }

// Identity is where a subject's memberships are; only a hash of the subject is kept.
func Identity(s access.Subject) string { return "IDENT#" + digest(s.Issuer+"\n"+s.ID) }

// digest stands for what must not be read off a key: keys get into logs with the errors of their calls.
func digest(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:16])
}

// Membership is a subject's membership of an account.
func Membership(s access.Subject, a id.Account) Key { return Key{Identity(s), "ACC#" + string(a)} }

// MembershipPrefix begins the sort keys of all memberships of a subject.
const MembershipPrefix = "ACC#"

// Self is what a subject is beside memberships: bound at all, a partner's staff, an operator.
func Self(s access.Subject) Key { return Key{Identity(s), "SELF"} }

// Invitations is where the unbound people with an e-mail address wait for their first sign-in.
func Invitations(email string) string { return "INVITE#" + digest(text.FoldAddress(email)) }

// Invitation is one of them.
func Invitation(email string, a id.Account, u id.User) Key {
	return Key{Invitations(email), string(a) + "#" + string(u)}
}

// StaffInvitation is an invitation of somebody who will work for a partner or the vendor.
func StaffInvitation(email string, s id.Staff) Key { return Key{Invitations(email), string(s)} }

// LetIn says that an address is that of a person who is bound already. These rows stand before all invitations.
func LetIn(email string, a id.Account, u id.User) Key {
	return Key{Invitations(email), "LETIN#" + string(a) + "#" + string(u)}
}

// StaffLetIn is LetIn for staff.
func StaffLetIn(email string, s id.Staff) Key {
	return Key{Invitations(email), "LETIN#" + string(s)}
}

// LetsInto tells of a LetIn by its sort key whether it may let somebody into an account: a member's names the account that
// it is of, a staff member's none.
func LetsInto(sk string, a id.Account) bool {
	of, _, member := strings.Cut(strings.TrimPrefix(sk, "LETIN#"), "#")
	return !member || of == string(a)
}

// Staff is who works for a partner; the empty partner is the vendor, whose staff are the operators. The partition has a
// name of its own, since every function may bind staff and none but accounts is to touch a partner.
func Staff(p id.Partner) string {
	if p == "" {
		return "STAFF#vendor"
	}
	return "STAFF#" + string(p)
}

// StaffMember is one of them.
func StaffMember(p id.Partner, s id.Staff) Key { return Key{Staff(p), string(s)} }

// StaffSorts: by name.
func StaffSorts(staffName string, s id.Staff) Sorts {
	return Sorts{LSI1: name(staffName) + end + string(s)}
}

// StaffEmail claims an address for one person of a company. It is in no index, so no listing meets it.
func StaffEmail(p id.Partner, email string) Key {
	return Key{Staff(p), "EMAIL#" + digest(text.FoldAddress(email))}
}

// Operators names the operators who have signed in, so that the last one can be kept.
func Operators() Key { return Key{Staff(""), "OPERATORS"} }

// Partner is a partner company.
func Partner(p id.Partner) Key { return Key{"PARTNER#" + string(p), "META"} }

// PartnerAccount is an account on a partner's desk, in the order of names.
func PartnerAccount(p id.Partner, accountName string, a id.Account) Key {
	return Key{"PARTNER#" + string(p), "ACC#" + name(accountName) + end + string(a)}
}

// AccountDirectory and PartnerDirectory are the operators' lists, in the order of names.
const (
	AccountDirectory = "DIRECTORY#accounts"
	PartnerDirectory = "DIRECTORY#partners"
)

// AccountEntry is an account in the operators' list.
func AccountEntry(accountName string, a id.Account) Key {
	return Key{AccountDirectory, name(accountName) + end + string(a)}
}

// PartnerEntry is a partner in the operators' list.
func PartnerEntry(partnerName string, p id.Partner) Key {
	return Key{PartnerDirectory, name(partnerName) + end + string(p)}
}

// CRMRecord maps a CRM id to what it is here.
func CRMRecord(c id.CRM) Key { return Key{"CRM#" + string(c), "MAP"} }

// CRMUser maps a person of an account of the CRM to who they are here. The CRM has no id for them: the account and the
// address are one, compared as Email compares addresses.
func CRMUser(account id.CRM, email string) Key {
	return Key{"CRM#" + digest(string(account)+"\n"+text.FoldAddress(email)), "MAP"}
}

// Contracts is an account's contracts.
func Contracts(a id.Account) string { return partition(a, "CTR") }

// ContractCounts is what is counted over all contracts of an account. It is in no index, so no listing meets it.
func ContractCounts(a id.Account) Key { return Key{Contracts(a), "COUNTS"} }

// Contract is one contract.
func Contract(a id.Account, c id.Contract) Key { return Key{Contracts(a), string(c)} }

// ContractSorts are a contract's orders within its stored status: by name, by expiry date, by systems over the
// number purchased.
func ContractSorts(status, contractName string, expiry date.Date, over int, c id.Contract) Sorts {
	return Sorts{
		LSI1: status + "#" + name(contractName) + end + string(c),
		LSI2: status + "#" + string(expiry) + "#" + string(c),
		LSI3: status + "#" + signed(over) + "#" + string(c),
	}
}

// signed writes a number so that text sorts as the number does, for ±2 billion.
func signed(n int) string { return fmt.Sprintf("%010d", n+2_000_000_000) }

// DueShards spreads what is due over partitions of the global index; the sweep reads each.
const DueShards = 16

// What the index of what is due holds: contracts with a step to announce, lines whose level changed, removals.
const (
	DueContract = "contract"
	DueLevel    = "level"
	DueRemoval  = "removal"
)

// DueSorts are the index keys by which a row of an account is due on a day; noun tells the sweep what it found.
func DueSorts(due date.Date, a id.Account, noun, entity string) (pk, sk string) {
	h := fnv.New32a()
	h.Write([]byte(entity))
	return DueShard(int(h.Sum32() % DueShards)), string(due) + "#" + string(a) + "#" + noun + "#" + entity
}

// DueShard is one partition of what is due.
func DueShard(n int) string { return fmt.Sprintf("DUE#%02d", n) }

// PutDue enters a row into the index of what is due.
func PutDue(item Item, due date.Date, a id.Account, noun, entity string) {
	pk, sk := DueSorts(due, a, noun, entity)
	item["GSI1PK"] = &types.AttributeValueMemberS{Value: pk}
	item["GSI1SK"] = &types.AttributeValueMemberS{Value: sk}
}

// Lines is the lines of all contracts of an account.
func Lines(a id.Account) string { return partition(a, "LINES") }

// Line is one product on a contract. A product's lines stand together; those of a contract are named by its row.
func Line(a id.Account, c id.Contract, product string) Key {
	return Key{Lines(a), ProductPrefix(product) + string(c)}
}

// ProductPrefix begins the sort keys of a product's lines.
func ProductPrefix(product string) string { return product + "#" }

// ContractOfLine is the contract of a line's key.
func ContractOfLine(a id.Account, line Key) Key {
	return Contract(a, id.Contract(line.SK[strings.LastIndex(line.SK, "#")+1:]))
}

// LineSorts puts a line into the attention list, where it is one to look at.
func LineSorts(product string, c id.Contract, attention bool) Sorts {
	if !attention {
		return nil
	}
	return Sorts{LSI2: Attention + product + "#" + string(c)}
}

// Attention begins the sort values of the attention list, in LSI2.
const Attention = "attention#"

// Systems is an account's systems.
func Systems(a id.Account) string { return partition(a, "SYS") }

// System is one system.
func System(a id.Account, s id.System) Key { return Key{Systems(a), string(s)} }

// SystemSorts are a system's orders: by name within its state, by name within its contract, by name.
func SystemSorts(state, systemName string, c id.Contract, s id.System) Sorts {
	n := name(systemName) + end + string(s)
	sorts := Sorts{LSI1: state + "#" + n, LSI3: n}
	if c != "" {
		sorts[LSI2] = string(c) + "#" + n
	}
	return sorts
}

// Activities is a month of what happened; the empty account is the vendor's own.
func Activities(a id.Account, month time.Time) string {
	m := month.UTC().Format("200601")
	if a == "" {
		return "VENDOR#ACT#" + m
	}
	return partition(a, "ACT#"+m)
}

// Activity is one record, in the month that its id was made in.
func Activity(a id.Account, act id.Activity) Key {
	at, _ := act.Time()
	return Key{Activities(a, at), string(act)}
}

// ActivitySorts: by what it is about, and by the one other thing that it touched, where it touched one.
func ActivitySorts(subject, target string, act id.Activity) Sorts {
	sorts := Sorts{LSI1: subject + "#" + string(act)}
	if target != "" {
		sorts[LSI2] = target + "#" + string(act)
	}
	return sorts
}

// Idempotency is the kept answer of one request: by caller, operation and key; the caller and the key are hashes.
func Idempotency(a id.Account, caller, operation, key string) Key {
	p := "VENDOR#IDEM"
	if a != "" {
		p = partition(a, "IDEM")
	}
	return Key{p, caller + "#" + operation + "#" + key}
}

// ContractTerms and SystemTerms are the words that contracts and systems are found by.
func ContractTerms(a id.Account) string { return partition(a, "TERMS#CTR") }

// SystemTerms: see ContractTerms.
func SystemTerms(a id.Account) string { return partition(a, "TERMS#SYS") }

// NamePrefix is how the beginning of a name stands in a key; empty for no name.
func NamePrefix(s string) string { return name(s) }

// Users is an account's people.
func Users(a id.Account) string { return partition(a, "USERS") }

// User is one person.
func User(a id.Account, u id.User) Key { return Key{Users(a), string(u)} }

// UserSorts: by name.
func UserSorts(userName string, u id.User) Sorts {
	return Sorts{LSI1: name(userName) + end + string(u)}
}

// Bound says which identity a person was bound to. It is in no index, so no listing meets it.
func Bound(a id.Account, u id.User) Key { return Key{Users(a), "BOUND#" + string(u)} }

// SuperAdministrators names those of an account, so that the last one can be kept, and its administrators.
func SuperAdministrators(a id.Account) Key { return Key{Users(a), "SUPERS"} }

// Email claims an address for one person of an account.
func Email(a id.Account, email string) Key {
	return Key{partition(a, "EMAILS"), digest(text.FoldAddress(email))}
}

// Holdings is what an account's people hold.
func Holdings(a id.Account) string { return partition(a, "HOLD") }

// Holding is what a person holds: the guard of every seat rule.
func Holding(a id.Account, u id.User) Key { return Key{Holdings(a), string(u)} }

// UserTerms are the words that people are found by.
func UserTerms(a id.Account) string { return partition(a, "TERMS#USR") }

// CostCenters is an account's cost centers.
func CostCenters(a id.Account) string { return partition(a, "CC") }

// CostCenter is one cost center.
func CostCenter(a id.Account, cc id.CostCenter) Key { return Key{CostCenters(a), string(cc)} }

// CostCenterSorts: by name within its state.
func CostCenterSorts(state, costCenterName string, cc id.CostCenter) Sorts {
	return Sorts{LSI1: state + "#" + name(costCenterName) + end + string(cc)}
}

// CostCenterName claims a name for one cost center of an account. It is in no index, so no listing meets it.
func CostCenterName(a id.Account, costCenterName string) Key {
	return Key{CostCenters(a), "NAME#" + digest(text.Fold(costCenterName))}
}

// CostCenterCounts is how many cost centers of an account are active. It is in no index either.
func CostCenterCounts(a id.Account) Key { return Key{CostCenters(a), "COUNTS"} }

// CostCenterTerms are the words that cost centers are found by.
func CostCenterTerms(a id.Account) string { return partition(a, "TERMS#CC") }

// Seats is an account's seats.
func Seats(a id.Account) string { return partition(a, "SEATS") }

// Seat is a person's seat of a product; there is one at most.
func Seat(a id.Account, u id.User, product string) Key {
	return Key{Seats(a), string(u) + "#" + product}
}

// SeatSorts are a seat's orders: by name within its line, and within its pool and product.
func SeatSorts(product string, c id.Contract, pool, userName string, u id.User) Sorts {
	n := name(userName) + end + string(u)
	return Sorts{
		LSI1: ProductPrefix(product) + LineSeats(c) + n,
		LSI2: PoolSeats(pool) + ProductPrefix(product) + n,
	}
}

// LineSeats goes between a product's prefix and the names of who sits on the line.
func LineSeats(c id.Contract) string { return string(c) + "#" }

// PoolSeats begins the seats of a pool in LSI2.
func PoolSeats(pool string) string { return pool + "#" }

// Overview is what an account's partner sees of it at a glance.
func Overview(a id.Account) Key { return Key{"SETTINGS#" + string(a), "SUMMARY"} }

// Level is the rise of a line to a threshold, in percent, that was last announced.
func Level(a id.Account, line Key, threshold int) Key {
	return Key{partition(a, "LEVEL"), line.SK + "#" + strconv.Itoa(threshold)}
}

// Days is how full lines of an account were, day by day.
func Days(a id.Account) string { return partition(a, "DAYS") }

// Day is how full a line was at the end of a day; the lines of a day stand together.
func Day(a id.Account, d date.Date, line Key) Key {
	return Key{Days(a), string(d) + "#" + line.SK}
}

// DaySorts: by day within its line, in the order of lines.
func DaySorts(d date.Date, line Key) Sorts { return Sorts{LSI1: DaysOf(line) + string(d)} }

// DaysOf begins the days of a line in LSI1.
func DaysOf(line Key) string { return line.SK + "#" }

// MailClaim is that one reader is mailed about one event.
func MailClaim(a id.Account, event, reader string) Key {
	return Key{partition(a, "MAIL"), event + "#" + reader}
}

// MailLast is how far the mails about one thing have come.
func MailLast(a id.Account, about string) Key { return Key{partition(a, "MAIL"), "LAST#" + about} }

// OverPurchased is the stretch of LSI3 that holds the contracts with more systems than purchased, of those written down
// with a status.
func OverPurchased(status string) (from, to string) {
	return status + "#" + signed(1), status + "#" + Last
}
