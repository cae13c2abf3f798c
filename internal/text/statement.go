package text

import (
	"golang.org/x/text/feature/plural"
	"golang.org/x/text/message/catalog"
)

// statementMessages are what the statement of an order says (package statement).
func statementMessages() map[string]entry {
	return map[string]entry{
		"statement_title":          both("Order statement", "Relevé de commande"),
		"statement_file":           both("order", "commande"),
		"statement_draft":          both("Draft invoice, without a number. It shows what was ordered; the numbered invoice follows.", "Facture provisoire, sans numéro. Elle récapitule la commande ; la facture numérotée suivra."),
		"statement_seller":         both("Seller", "Vendeur"),
		"statement_bill_to":        both("Bill to", "Facturé à"),
		"statement_tax_number":     both("VAT number: %[1]s", "N° de TVA : %[1]s"),
		"statement_order":          both("Order", "Commande"),
		"statement_placed":         both("Placed on", "Passée le"),
		"statement_buyer":          both("Ordered by", "Commandé par"),
		"statement_contracts":      both("Contracts", "Contrats"),
		"statement_status":         both("Status", "État"),
		"statement_status_placed":  both("placed, payment by invoice", "passée, paiement sur facture"),
		"statement_status_waiting": both("awaiting payment", "en attente de paiement"),
		"statement_currency":       both("Currency", "Devise"),

		"statement_ordered":    both("What was ordered", "Articles commandés"),
		"statement_product":    both("Product", "Produit"),
		"statement_period":     both("Period charged", "Période facturée"),
		"statement_quantity":   both("Quantity", "Quantité"),
		"statement_unit_price": both("Unit price", "Prix unitaire"),
		"statement_net":        both("Net amount", "Montant HT"),
		"statement_contract":   both("Contract: %[1]s", "Contrat : %[1]s"),
		"statement_new_line":   both("new on the contract", "nouveau sur le contrat"),
		"statement_monthly":    both("monthly", "mensuel"),
		"statement_yearly":     both("yearly", "annuel"),
		"statement_days": {
			English: {catalog.String("%[1]d of %[2]d days")},
			French: {plural.Selectf(1, "%d",
				plural.One, "%[1]d jour sur %[2]d",
				plural.Other, "%[1]d jours sur %[2]d")},
		},
		"statement_from_to":        both("%[1]s to %[2]s", "du %[1]s au %[2]s"),
		"statement_no_cost_center": both("no cost center", "sans centre de coûts"),
		"statement_reinstated": {
			English: {plural.Selectf(1, "%d",
				plural.One, "%[1]d seat was pending removal and comes back: nothing to pay for it now.",
				plural.Other, "%[1]d seats were pending removal and come back: nothing to pay for them now.")},
			French: {plural.Selectf(1, "%d",
				plural.One, "%[1]d siège était en attente de retrait et revient : rien à payer pour lui maintenant.",
				plural.Other, "%[1]d sièges étaient en attente de retrait et reviennent : rien à payer pour eux maintenant.")},
		},
	}
}

// statementTotals are what it says of sums and what follows.
func statementTotals() map[string]entry {
	return map[string]entry{
		"statement_now":            both("Charged now", "Facturé maintenant"),
		"statement_total_net":      both("Total before VAT", "Total HT"),
		"statement_tax":            both("VAT %[1]s on %[2]s", "TVA %[1]s sur %[2]s"),
		"statement_total_tax":      both("Total VAT", "Total TVA"),
		"statement_total":          both("Total now", "Total facturé maintenant"),
		"statement_reverse_charge": both("Reverse charge: the customer accounts for the VAT (articles 44 and 196 of Directive 2006/112/EC).", "Autoliquidation : la TVA est due par le preneur (articles 44 et 196 de la directive 2006/112/CE)."),
		"statement_outside":        both("Outside the scope of EU VAT: the service is taxed where the customer is established (articles 44 and 59 of Directive 2006/112/EC).", "Hors du champ de la TVA de l’Union européenne : le service est imposé au lieu d’établissement du preneur (articles 44 et 59 de la directive 2006/112/CE)."),

		"statement_exempt": both("Exempt from VAT (title IX of Directive 2006/112/EC).", "Exonération de TVA (titre IX de la directive 2006/112/CE)."),

		"statement_ends":         both("The contract ends on %[1]s: not billed again.", "Le contrat prend fin le %[1]s : plus rien n’est facturé ensuite."),
		"statement_later":        both("Billed from then on", "Facturé ensuite"),
		"statement_every":        both("Period", "Périodicité"),
		"statement_every_month":  both("each month", "chaque mois"),
		"statement_every_year":   both("each year", "chaque année"),
		"statement_next_billing": both("Next billing date", "Prochaine facturation"),
		"statement_vat":          both("VAT", "TVA"),
		"statement_gross":        both("Total", "Total TTC"),

		"statement_page":  both("Page %[1]s of %[2]s", "Page %[1]s sur %[2]s"),
		"statement_blank": both("▯ stands for a letter that this file cannot show; the page made for printing shows them all.", "▯ remplace une lettre que ce fichier ne peut pas afficher ; la page à imprimer les montre toutes."),
	}
}
