package main

import "strings"

// guard is a condition that a rule hangs by, how to take it out, and the one test that must be red without it.
type guard struct {
	name string
	// rule is what no longer holds without it (FEATURES.md; DATA.md, Guards).
	rule string
	// file holds the guard, as from, exactly once; with to in its place the guard is gone and the file still compiles.
	file, from, to string
	// in is the package of the test.
	in, test string
}

// guards are those that matter most: conditions of writes, which count where two are at it, and checks at the door.
func guards() []guard {
	return append(append(append(seats(), stock()...), papers()...), door()...)
}

// seats guard who sits where.
func seats() []guard {
	return []guard{
		{
			name: "line-available", rule: "A line takes nobody once all its seats are taken.",
			file: "internal/contract/lines.go", in: "internal/contract", test: "TestALineThatHasNothingLeftGivesNothingOfAPool",
			from: `table.AtLeast(total, "available"), table.Behind(string(today), "expiry")`,
			to:   `table.Behind(string(today), "expiry")`,
		}, {
			name: "pool-available", rule: "A cost center takes nobody once all its seats are taken.",
			file: "internal/contract/lines.go", in: "internal/seat", test: "TestWhatWasDecidedOnALineIsHeldToItWhenItIsWritten",
			from: `table.AtLeast(n, "pools", string(pool), "available")`,
			to:   `table.Has("pools", string(pool))`,
		}, {
			name: "line-expiry", rule: "A contract that is expired takes nobody.",
			file: "internal/contract/lines.go", in: "internal/seat", test: "TestAContractThatExpiresMeanwhileTakesNobody",
			from: `table.AtLeast(total, "available"), table.Behind(string(today), "expiry")`,
			to:   `table.AtLeast(total, "available")`,
		}, {
			name: "holding", rule: "A seat is for somebody who is active, once for each product, under their name.",
			file: "internal/user/holding.go", in: "internal/seat", test: "TestWhoLeavesOrIsRenamedBetweenDecisionAndWrite",
			from: `	return table.Replace(table.Holding(a, after.User), before.was, item), nil`,
			to:   `	return table.Put(table.Holding(a, after.User), item, table.Exists()), nil`,
		}, {
			name: "queue", rule: "Nobody has a derived seat and no queue, also when they leave the last one while they are given the seat.",
			file: "internal/seat/seat.go", in: "internal/seat", test: "TestNobodyHasADerivedSeatAndNoQueueAtTheWorstMoment",
			from: `case products.Derived(product) && len(h.Queues) == 0:`,
			to:   `case false:`,
		}, {
			name: "system", rule: "A system is on one contract.",
			file: "internal/system/store.go", in: "internal/system", test: "TestOfTwoAdministratorsOneConnects",
			from: `table.Replace(table.System(a, after.ID), r.was, item)`,
			to:   `table.Put(table.System(a, after.ID), item, table.Exists())`,
		}, {
			name: "super-administrator", rule: "The last super administrator stays.",
			file: "internal/user/user.go", in: "internal/user", test: "TestTheLastSuperAdministratorIsNeitherDemotedNorDeactivated",
			from: `if len(after.Users) == 0 && len(s.Users) > 0 {`,
			to:   `if false {`,
		}, {
			name: "super-administrators", rule: "One of the last two super administrators stays, also when both leave at once.",
			file: "internal/user/plan.go", in: "internal/user", test: "TestOfTheLastTwoSuperAdministratorsOneStays",
			from: `	return p.row(table.SuperAdministrators(p.change.Account), p.seen.superRow, after)`,
			to: lines(
				`	item, err := table.Encode(after)`,
				`	p.ops = append(p.ops, table.Put(table.SuperAdministrators(p.change.Account), item, table.Guarded()))`,
				`	return err`,
			),
		},
	}
}

// stock guards how many seats there are, and until when.
func stock() []guard {
	return []guard{
		{
			name: "line-rev", rule: "A limit and its pools are decided on the seats that are taken.",
			file: "internal/contract/lines.go", in: "internal/contract", test: "TestTermsAreDecidedAgainWhereSeatsCameMeanwhile",
			from: `return table.Replace(key, before.was, item), nil`,
			to:   `return table.Put(key, item, table.Exists()), nil`,
		}, {
			name: "terms-rev", rule: "Terms are changed by who saw them as they are.",
			file: "internal/platform/httpapi/match.go", in: "internal/contract", test: "TestTermsAskForTheRevisionThatWasSeen",
			from: `	if !matched {`,
			to:   `	if false && !matched {`,
		}, {
			name: "contract-rev", rule: "An extension wins over the sweep that comes at the same moment.",
			file: "internal/contract/store.go", in: "internal/sweep", test: "TestAnExtensionAtTheSameMomentWins",
			from: `table.Replace(table.Contract(a, ch.To.ID), ch.From.was, item)`,
			to:   `table.Put(table.Contract(a, ch.To.ID), item, table.Exists())`,
		}, {
			name: "removal-line", rule: "No more licences are removed than a line has free.",
			file: "internal/contract/stock.go", in: "internal/contract", test: "TestALineThatHasNothingLeftGivesNothingOfAPool",
			from: `table.AtLeast(n, "available"), table.Behind(string(today), "expiry")`,
			to:   `table.Behind(string(today), "expiry")`,
		}, {
			name: "removal-pool", rule: "No more licences are removed than a cost center has free.",
			file: "internal/contract/stock.go", in: "internal/removal", test: "TestWhatWasAssignedMeanwhileIsNotRemoved",
			from: `table.AtLeast(k, "pools", string(pool), "available")`,
			to:   `table.Has("pools", string(pool))`,
		},
	}
}

// papers guard what is bought and what is mailed.
func papers() []guard {
	return []guard{
		{
			name: "cart-rev", rule: "What is bought is the cart that was quoted.",
			file: "internal/order/draft.go", in: "internal/order", test: "TestACartThatChangesWhileItIsBoughtIsRefusedAndKept",
			from: `d.known.cart.held(table.Delete(d.buying.cartKey(), d.known.cart.was, table.Rev(d.known.cart.Rev)))`,
			to:   `table.Delete(d.buying.cartKey(), d.known.cart.was, table.Guarded())`,
		}, {
			name: "cart-id", rule: "A cart that was emptied and filled anew is another.",
			file: "internal/order/cart.go", in: "internal/order", test: "TestACartThatIsFilledAnewWhileItIsBoughtIsKept",
			from: `return op.When(table.Is(r.ID, "id"))`,
			to:   `return op`,
		}, {
			name: "quote-basis", rule: "A quote made from other terms, another cart or another profile is no price.",
			file: "internal/order/checkout.go", in: "internal/order", test: "TestAStaleQuoteIsRefusedWithTheNewOne",
			from: `if !q.Basis.same(basisOf(k.cart.Cart, k, profile(b.Account, sellerOf(products)))) {`,
			to:   `if basis := basisOf(k.cart.Cart, k, profile(b.Account, sellerOf(products))); false && !q.Basis.same(basis) {`,
		}, {
			name: "quote-bought", rule: "A quote is bought once, and names its order.",
			file: "internal/order/draft.go", in: "internal/order", test: "TestTwoKeysOnOneQuoteAreOneOrder",
			from: `bought.Set(string(o.ID), "order")`,
			to:   `bought.Set("", "order")`,
		}, {
			name: "mail-claim", rule: "An event that comes again is one mail.",
			file: "internal/alert/claim.go", in: "internal/alert", test: "TestAnEventThatComesAgainIsOneMailForEachReader",
			from: `table.Put(key, row, table.Absent())`,
			to:   `table.Put(key, row, table.Guarded())`,
		},
	}
}

// door guards what is asked before a handler runs, and what a repeat is answered.
func door() []guard {
	const binding = `strconv.Quote(s.Issuer), strconv.Quote(s.ID), strconv.Quote(x.request.URL.Path), query.Encode()}`
	token := func(name, rule, to string) guard {
		return guard{
			name: name, rule: rule, file: "internal/platform/httpapi/call.go", from: binding, to: to,
			in: "internal/platform/httpapi", test: "TestAPageTokenServesItsOwnListingAlone",
		}
	}
	return []guard{
		{
			name: "answer", rule: "A request with an idempotency key acts once, and its repeats get the same bytes.",
			file: "internal/platform/httpapi/repeat.go", in: "internal/platform/httpapi", test: "TestTheRecordAloneDecidesBetweenTwins",
			from: `cond := table.Absent()`,
			to:   `cond := table.Guarded()`,
		}, {
			name: "permission", rule: "Nobody does what they have no right to.",
			file: "internal/platform/httpapi/admit.go", in: "internal/platform/httpapi", test: "TestAKnownCallerWithoutTheRightIsToldWhichOne",
			from: `if decision == access.Lacking {`,
			to:   `if false && decision == access.Lacking {`,
		}, {
			name: "membership", rule: "What is of another account is not there.",
			file: "internal/platform/httpapi/admit.go", in: "internal/platform/httpapi", test: "TestWhoMayNotSeeAnAccountGetsTheBytesOfOneThatDoesNotExist",
			from: `if decision == access.Unknown {`,
			to:   `if false && decision == access.Unknown {`,
		},
		token("page-caller", "A page token serves its caller alone.", strings.Replace(binding, `strconv.Quote(s.Issuer), strconv.Quote(s.ID), `, `strconv.Quote(s.Issuer[:0]), `, 1)),
		token("page-account", "A page token serves its account alone.", strings.Replace(binding, `strconv.Quote(x.request.URL.Path), `, ``, 1)),
		token("page-query", "A page token serves its filter alone.", strings.Replace(binding, `, query.Encode()`, ``, 1)),
	}
}

func lines(all ...string) string { return strings.Join(all, "\n") }
