package table

import (
	"encoding/json"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/seatkeeper/seatkeeper/internal/id"
)

// Exports is the exports of an account, the newest last.
func Exports(a id.Account) string { return partition(a, "EXPORTS") }

// ExportPrefix begins the sort keys of exports.
const ExportPrefix = "exp_"

// Export is one of them.
func Export(a id.Account, e id.Export) Key { return Key{Exports(a), string(e)} }

// ExportClaim names the last export of an account, also once that is over. Its sort key is not that of an export, so no
// listing of them meets it; who reads the whole partition does.
func ExportClaim(a id.Account) Key { return Key{Exports(a), "CLAIM"} }

// Place is a row's own key within its partition.
func Place(item Item) string { return attr(item, "SK") }

// Facts is a row as plain values, without what places it in the table: keys, sort values, what expires. Numbers are
// json.Number, so that none is rounded; sets and binaries are not written by this system and become nothing.
func Facts(item Item) map[string]any {
	facts := make(map[string]any, len(item))
	for name, v := range item {
		switch name {
		case "PK", "SK", "LSI1", "LSI2", "LSI3", "GSI1PK", "GSI1SK", "ttl":
		default:
			facts[name] = plain(v)
		}
	}
	return facts
}

func plain(v types.AttributeValue) any {
	switch v := v.(type) {
	case *types.AttributeValueMemberS:
		return v.Value
	case *types.AttributeValueMemberN:
		return json.Number(v.Value)
	case *types.AttributeValueMemberBOOL:
		return v.Value
	case *types.AttributeValueMemberL:
		all := make([]any, len(v.Value))
		for i, one := range v.Value {
			all[i] = plain(one)
		}
		return all
	case *types.AttributeValueMemberM:
		all := make(map[string]any, len(v.Value))
		for name, one := range v.Value {
			all[name] = plain(one)
		}
		return all
	default:
		return nil
	}
}
