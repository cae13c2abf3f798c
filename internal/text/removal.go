package text

// removalMessages are about licences that leave stock.
func removalMessages() map[string]entry {
	return map[string]entry{
		"not_removable":           both("Not so many licences of “%[1]s” can be removed any more: %[2]d are free in all, of each cost center only its own. Lower the quantities, or take seats back first.", "Il n’est plus possible de retirer autant de licences de « %[1]s » : %[2]d sont libres en tout, et pour chaque centre de coûts les siennes seulement. Diminuez les quantités, ou libérez d’abord des sièges."),
		"period_needed":           both("Of “%[1]s”, %[2]d licences in stock are billed by the month and %[3]d until the contract’s end. Say in “period” which are to be removed: monthly or yearly.", "Sur les licences de « %[1]s » en stock, %[2]d sont facturées au mois et %[3]d jusqu’à la fin du contrat. Indiquez dans « period » lesquelles retirer : monthly ou yearly."),
		"not_billed_so":           both("Not so many licences of “%[1]s” can be removed that are billed %[3]s: %[2]d. Lower the quantities.", "Il n’est pas possible de retirer autant de licences de « %[1]s » facturées %[3]s : %[2]d au plus. Diminuez les quantités."),
		"billed_monthly":          both("by the month", "au mois"),
		"billed_yearly":           both("until the contract’s end", "jusqu’à la fin du contrat"),
		"removal_expired":         both("The contract “%[1]s” expired on %[2]s. Its licences are not billed any more, so there is nothing to remove; seats that people sit on can still be taken back. Contact %[3]s to renew it.", "Le contrat « %[1]s » a expiré le %[2]s. Ses licences ne sont plus facturées : il n’y a rien à retirer ; les sièges attribués peuvent toujours être libérés. Contactez %[3]s pour le renouveler."),
		"too_many_removals":       both("At most %[2]d removals of “%[1]s” can be pending on a contract. Withdraw one first, and remove its licences together with these.", "Au plus %[2]d retraits de « %[1]s » peuvent être en attente sur un contrat. Annulez-en d’abord un, et retirez ses licences avec celles-ci."),
		"removal_not_pending":     both("This removal can no longer be withdrawn: it is %[1]s.", "Ce retrait ne peut plus être annulé : il est %[1]s."),
		"removal_state_applied":   both("applied", "appliqué"),
		"removal_state_withdrawn": both("withdrawn", "déjà annulé"),
		"removal_state_used_up":   both("used up by new purchases", "absorbé par de nouveaux achats"),
	}
}
