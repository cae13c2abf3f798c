package alert

import (
	"github.com/seatkeeper/seatkeeper/internal/account"
	"github.com/seatkeeper/seatkeeper/internal/contract"
	"github.com/seatkeeper/seatkeeper/internal/date"
	"github.com/seatkeeper/seatkeeper/internal/platform/mail"
	"github.com/seatkeeper/seatkeeper/internal/text"
)

// What stands of a thing, and what its account's people do next. The list of alerts and the mails say the same.

func usageFact(l text.Lang, product string, u contract.Usage) string {
	limit := 0
	if u.Limit != nil {
		limit = *u.Limit
	}
	switch u.State {
	case contract.NotSet:
		return text.Say(l, "alert_usage_not_set", product)
	case contract.OverLimit:
		return text.Say(l, "alert_usage_over_limit", product, u.Used, limit)
	case contract.Full:
		return text.Say(l, "alert_usage_full", product, u.Used, limit)
	default:
		return text.Say(l, "alert_usage_warning", product, u.Used, limit)
	}
}

func usageNext(l text.Lang, u contract.Usage, whom string) string {
	if u.State == contract.NotSet {
		return text.Say(l, "alert_next_not_set", whom)
	}
	return text.Say(l, "alert_next_usage", whom)
}

func expiringFact(l text.Lang, name string, expiry date.Date) string {
	return text.Say(l, "alert_contract_expiring", name, text.Day(l, expiry))
}

func contractNext(l text.Lang, whom string) string { return text.Say(l, "alert_next_contract", whom) }

func systemsFact(l text.Lang, name string, mapped, purchased int) string {
	return text.Say(l, "alert_systems_over", name, mapped, purchased)
}

func systemsNext(l text.Lang, whom string) string { return text.Say(l, "alert_next_systems", whom) }

// said is what a mail says, to whomever.
type said struct {
	// title is the mail's, and its subject behind the account's name.
	title string
	fact  string
	// next is for the account's people, partner for who sets its terms.
	next, partner string
}

// say words an alert on a contract of an account; whom is whom the account's people turn to.
func (a Alert) say(l text.Lang, acc account.Account, name, whom string) said {
	switch a.Kind {
	case account.MailUsage80:
		return said{text.Say(l, "mail_alert_usage80", a.Product), usageFact(l, a.Product, a.Usage), usageNext(l, a.Usage, whom), text.Say(l, "mail_alert_partner_usage", acc.Name)}
	case account.MailUsage100:
		return said{text.Say(l, "mail_alert_usage100", a.Product), usageFact(l, a.Product, a.Usage), usageNext(l, a.Usage, whom), text.Say(l, "mail_alert_partner_usage", acc.Name)}
	case account.MailContractExpiring:
		return said{text.Say(l, "mail_alert_contract_expiring", name, text.Day(l, a.Expiry)), expiringFact(l, name, a.Expiry), contractNext(l, whom), text.Say(l, "mail_alert_partner_contract", acc.Name)}
	case account.MailContractExpired:
		return said{text.Say(l, "mail_alert_contract_expired", name), text.Say(l, "alert_contract_expired", name, text.Day(l, a.Expiry)), contractNext(l, whom), text.Say(l, "mail_alert_partner_contract", acc.Name)}
	default:
		return said{text.Say(l, "mail_alert_systems_over", name), systemsFact(l, name, a.Systems.Mapped, a.Systems.Purchased), systemsNext(l, whom), text.Say(l, "mail_alert_partner_systems", acc.Name)}
	}
}

// write is the mail to one reader; portal is where its button leads.
func (a Alert) write(to audience, r Reader, portal string) (mail.Message, error) {
	if a.Request != "" {
		return a.ask(to, r, portal)
	}
	acc := to.account
	is := a.say(r.Lang, acc, to.contract.Name, contract.NameOf(acc.Whom(to.partner), r.Lang))
	what := []string{is.fact}
	if a.Product != "" && to.contract.Name != "" {
		what = append(what, text.Say(r.Lang, "mail_alert_contract", to.contract.Name))
	}
	content := mail.Content{
		Title: is.title, Paragraphs: append(what, is.next),
		Action: mail.Action{Label: text.Say(r.Lang, "mail_alert_action"), URL: portal},
		Footer: text.Say(r.Lang, "mail_alert_footer", acc.Name),
	}
	if r.Partner {
		content.Paragraphs[len(what)], content.Footer = is.partner, text.Say(r.Lang, "mail_alert_footer_partner", acc.Name)
	}
	plain, html, err := mail.Compose(r.Lang, content)
	return mail.Message{
		ID: a.mailID(r), To: mail.Address{Name: r.Name, Email: r.Email}, Lang: r.Lang,
		Subject: text.Say(r.Lang, "mail_alert_subject", acc.Name, is.title), Text: plain, HTML: html,
	}, err
}
