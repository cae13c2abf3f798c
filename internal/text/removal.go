package text

// removalMessages are about licences that leave stock.
func removalMessages() map[string]entry {
	return map[string]entry{
		"not_removable":           both("Not so many licences of “%[1]s” can be removed any more: %[2]d are free; see “removableByCostCenter”. Lower the quantities, or take seats back first.", "Il n’est plus possible de retirer autant de licences de « %[1]s » : %[2]d sont libres ; voir « removableByCostCenter ». Diminuez les quantités, ou libérez d’abord des sièges."),
		"too_many_removals":       both("At most %[2]d removals of “%[1]s” can be pending on a contract. Withdraw one first, and remove its licences together with these.", "Au plus %[2]d retraits de « %[1]s » peuvent être en attente sur un contrat. Annulez-en d’abord un, et retirez ses licences avec celles-ci."),
		"removal_not_pending":     both("This removal can no longer be withdrawn: it is %[1]s.", "Ce retrait ne peut plus être annulé : il est %[1]s."),
		"removal_state_applied":   both("applied", "appliqué"),
		"removal_state_withdrawn": both("withdrawn", "déjà annulé"),
		"removal_state_used_up":   both("used up by new purchases", "absorbé par de nouveaux achats"),
	}
}
