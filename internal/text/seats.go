package text

import "golang.org/x/text/feature/plural"

// seatMessages are about seats, lines and their terms, cost centers and the catalog.
func seatMessages() map[string]entry {
	return map[string]entry{
		"cost_center_name_taken":    both("There is a cost center “%[1]s” already, perhaps an archived one. Choose another name, or reactivate it.", "Il y a déjà un centre de coûts « %[1]s », peut-être archivé. Choisissez un autre nom, ou réactivez-le."),
		"cost_center_not_empty":     both("The cost center “%[1]s” still carries seats; lines it does so on: %[2]d. Move them to other cost centers first.", "Le centre de coûts « %[1]s » porte encore des licences ; lignes concernées : %[2]d. Déplacez-les d’abord vers d’autres centres de coûts."),
		"cost_center_archived":      both("The cost center “%[1]s” is archived and takes no seats. Reactivate it, or choose another one.", "Le centre de coûts « %[1]s » est archivé et ne reçoit pas de licences. Réactivez-le, ou choisissez-en un autre."),
		"too_many_cost_centers":     both("An account has at most %[1]d active cost centers. Archive one first.", "Un compte a au plus %[1]d centres de coûts actifs. Archivez-en un d’abord."),
		"product_unknown":           both("There is no product “%[1]s” in the catalog. Check how its code is written.", "Il n’y a pas de produit « %[1]s » au catalogue. Vérifiez son code."),
		"products_depend_in_circle": both("The products would need each other in a circle: %[1]s. Take one of these dependencies out.", "Les produits dépendraient les uns des autres en boucle : %[1]s. Retirez l’une de ces dépendances."),
		"product_excludes_itself":   both("The product “%[1]s” cannot exclude itself.", "Le produit « %[1]s » ne peut pas s’exclure lui-même."),
		"product_excludes_needed":   both("Nobody could have a seat of “%[1]s”: with it go “%[2]s” and “%[3]s”, which exclude each other.", "Personne ne pourrait avoir de licence « %[1]s » : elle va avec « %[2]s » et « %[3]s », qui s’excluent."),
		"too_many_products":         both("The catalog holds at most %[1]d products.", "Le catalogue contient au plus %[1]d produits."),

		"seat_limit_exceeded":      both("More seats are in use (%[1]d) than the limit (%[2]d), so nobody can be added until fewer are. Free seats, or contact %[3]s to raise the limit.", "Plus de sièges sont occupés (%[1]d) que la limite (%[2]d) : personne ne peut être ajouté tant que c’est le cas. Libérez des sièges, ou contactez %[3]s pour relever la limite."),
		"seat_withheld":            both("This could be done, and was not: others of the same call could not. Leave those out, or send “partial”: true.", "C’était possible, mais n’a pas été fait : d’autres éléments du même appel ne l’étaient pas. Laissez ceux-là de côté, ou envoyez « partial » : true."),
		"seat_limit_not_set":       both("No number of seats is set for %[1]s yet, so nobody can be added. Contact %[2]s.", "Aucun nombre de sièges n’est encore fixé pour %[1]s : personne ne peut être ajouté. Contactez %[2]s."),
		"product_not_on_contract":  both("The contract has no line for the product “%[1]s”.", "Le contrat n’a pas de ligne pour le produit « %[1]s »."),
		"product_not_held":         both("No contract of this account has the product “%[1]s”.", "Aucun contrat de ce compte ne comprend le produit « %[1]s »."),
		"user_not_found":           both("There is no such user in this account.", "Il n’y a pas de tel utilisateur dans ce compte."),
		"product_needs_other":      both("A seat of “%[1]s” needs one of %[2]s first.", "Un siège de « %[1]s » suppose d’abord un siège de %[2]s."),
		"product_excluded":         both("“%[1]s” cannot be had together with %[2]s. Remove that first.", "« %[1]s » est incompatible avec %[2]s. Retirez d’abord ce dernier."),
		"queue_membership_missing": both("A seat of “%[1]s” comes with membership in a queue, and %[2]s is in none. Add the person to a queue first.", "Un siège de « %[1]s » va avec l’appartenance à une file d’attente, et %[2]s n’est dans aucune. Ajoutez d’abord la personne à une file d’attente."),
		"seat_derived":             both("The seat of “%[1]s” stays as long as %[2]s is in a queue; queues: %[3]d. Remove the person from them first.", "Le siège de « %[1]s » demeure tant que %[2]s est dans une file d’attente ; files : %[3]d. Retirez-en d’abord la personne."),
		"product_needed":           both("“%[1]s” is needed by %[2]s. Remove that first, or both together.", "« %[1]s » est nécessaire à %[2]s. Retirez d’abord ce dernier, ou les deux ensemble."),
		"too_many_seats":           both("%[1]s has seats of %[2]d products, the most that are possible.", "%[1]s a des sièges de %[2]d produits, le maximum possible."),
		"feature_unknown":          both("The product “%[1]s” has no feature “%[2]s”.", "Le produit « %[1]s » n’a pas d’option « %[2]s »."),
		"seats_refused":            both("Nothing was changed: not all can be done, for different reasons. See “results”.", "Rien n’a été modifié : tout n’est pas possible, pour des raisons diverses. Voir « results »."),
		"partial_needed":           both("At most %[1]d users can be put on seats together. Send fewer, or “partial”: true.", "Au plus %[1]d utilisateurs peuvent être affectés ensemble. Envoyez-en moins, ou « partial » : true."),
		"change_separately":        both("%[1]s has too many seats for all of this at once. Change the name and address first, then deactivate.", "%[1]s a trop de sièges pour tout cela à la fois. Modifiez d’abord le nom et l’adresse, puis désactivez."),
		"queue_twice":              both("The queue “%[1]s” is named twice. Keep it once.", "La file d’attente « %[1]s » figure deux fois. Ne la citez qu’une fois."),
		"no_queue_named":           both("Name at least one queue to add or to remove, or “removeAll”: true.", "Nommez au moins une file d’attente à ajouter ou à retirer, ou « removeAll » : true."),
		"too_many_queues":          both("%[1]s would be in more than %[2]d queues, the most that are possible. Remove some first.", "%[1]s serait dans plus de %[2]d files d’attente, le maximum possible. Retirez-en d’abord."),
		"queues_needed":            both("%[1]s stays in the queues: “%[2]s” needs the seat of “%[3]s”, which would end with them. Remove “%[2]s” first.", "%[1]s reste dans ses files d’attente : « %[2]s » suppose le siège de « %[3]s », qui prendrait fin avec elles. Retirez d’abord « %[2]s »."),
		"user_twice":               both("The user %[1]s is named twice.", "L’utilisateur %[1]s est nommé deux fois."),
		"too_many_changes":         both("At most %[1]d products can be added and removed together. Send fewer at once.", "Au plus %[1]d produits peuvent être ajoutés et retirés ensemble. Envoyez-en moins à la fois."),
		"nothing_to_change":        both("Name at least one product to add or to remove.", "Nommez au moins un produit à ajouter ou à retirer."),
		"cost_center_unknown":      both("There is no cost center %[1]s in this account.", "Il n’y a pas de centre de coûts %[1]s dans ce compte."),
		"cost_center_twice":        both("The cost center %[1]s is named twice.", "Le centre de coûts %[1]s est nommé deux fois."),
		"pool_below_use":           both("%[2]d seats of the pool “%[1]s” are in use, and %[3]d wait to be removed; it cannot carry fewer than these. Move or remove seats first, or withdraw the removal.", "Dans la réserve « %[1]s », %[2]d sièges sont occupés et %[3]d en attente de retrait ; elle ne peut en porter moins. Déplacez ou retirez d’abord des sièges, ou annulez le retrait."),
		"split_beyond_limit":       both("%[1]s has %[2]d seats; under no cost center, %[3]d of them are in use and %[4]d wait to be removed: the cost centers cannot carry that many. Split fewer, or move those seats first.", "%[1]s compte %[2]d sièges ; sans centre de coûts, %[3]d sont occupés et %[4]d en attente de retrait : les centres de coûts ne peuvent en porter autant. Répartissez-en moins, ou déplacez d’abord ces sièges."),
		"too_many_pools":           both("At most %[2]d cost centers can carry seats of %[1]s.", "Au plus %[2]d centres de coûts peuvent porter des sièges de %[1]s."),
		"too_many_limits":          both("This changes too many lines and cost centers at once. Change fewer limits.", "Cela modifie trop de lignes et de centres de coûts à la fois. Modifiez moins de limites."),
		"alert_days_out_of_range":  both("Alert days are whole numbers from 1 to %[1]d.", "Les jours d’alerte sont des nombres entiers de 1 à %[1]d."),
	}
}

// countedSeatMessages are those that count seats, queues or lines.
func countedSeatMessages() map[string]entry {
	return map[string]entry{
		"derived_seat_stays": {
			English: {plural.Selectf(1, "%d",
				plural.One, "A derived seat stays, since the person is in %[1]d queue. Remove them from it, then the seat is free and no longer billed.",
				plural.Other, "A derived seat stays, since the person is in %[1]d queues. Remove them from all of them, then the seat is free and no longer billed.")},
			French: {plural.Selectf(1, "%d",
				plural.One, "Un siège dérivé demeure, car la personne est dans %[1]d file. Retirez-l’en : le siège sera libre et ne sera plus facturé.",
				plural.Other, "Un siège dérivé demeure, car la personne est dans %[1]d files. Retirez-la de toutes : le siège sera libre et ne sera plus facturé.")},
		},
		"seat_limit_reached": {
			English: {plural.Selectf(1, "%d",
				plural.One, "%[1]d seat was asked for; free: %[2]d. Free some, or contact %[3]s to raise the limit.",
				plural.Other, "%[1]d seats were asked for; free: %[2]d. Free some, or contact %[3]s to raise the limit.")},
			French: {plural.Selectf(1, "%d",
				plural.One, "%[1]d siège demandé ; libres : %[2]d. Libérez-en, ou contactez %[3]s pour relever la limite.",
				plural.Other, "%[1]d sièges demandés ; libres : %[2]d. Libérez-en, ou contactez %[3]s pour relever la limite.")},
		},
		"cost_center_limit_reached": {
			English: {plural.Selectf(1, "%d",
				plural.One, "%[1]d seat was asked for; the cost center has free: %[2]d. Choose another cost center, or move licences to this one.",
				plural.Other, "%[1]d seats were asked for; the cost center has free: %[2]d. Choose another cost center, or move licences to this one.")},
			French: {plural.Selectf(1, "%d",
				plural.One, "%[1]d siège demandé ; libres dans ce centre de coûts : %[2]d. Choisissez-en un autre, ou déplacez-y des licences.",
				plural.Other, "%[1]d sièges demandés ; libres dans ce centre de coûts : %[2]d. Choisissez-en un autre, ou déplacez-y des licences.")},
		},
		"usage_warning":    lines("%[1]d line is at 80 %% of its seats or more.", "%[1]d lines are at 80 %% of their seats or more.", "%[1]d ligne est à 80 %% de ses sièges ou plus.", "%[1]d lignes sont à 80 %% de leurs sièges ou plus.", " Contact %[2]s to raise limits in time.", " Contactez %[2]s pour relever les limites à temps."),
		"usage_full":       lines("%[1]d line is full; adding to it is paused.", "%[1]d lines are full; adding to them is paused.", "%[1]d ligne est complète ; les ajouts y sont suspendus.", "%[1]d lignes sont complètes ; les ajouts y sont suspendus.", " Free seats, or contact %[2]s to raise limits.", " Libérez des sièges, ou contactez %[2]s pour relever les limites."),
		"usage_over_limit": lines("%[1]d line has more seats in use than its limit; nothing can be added to it.", "%[1]d lines have more seats in use than their limit; nothing can be added to them.", "%[1]d ligne compte plus de sièges occupés que sa limite ; rien ne peut y être ajouté.", "%[1]d lignes comptent plus de sièges occupés que leur limite ; rien ne peut y être ajouté.", " Free seats, or contact %[2]s.", " Libérez des sièges, ou contactez %[2]s."),
		"usage_not_set":    lines("%[1]d line has no limit set; nothing can be added to it.", "%[1]d lines have no limit set; nothing can be added to them.", "%[1]d ligne n’a pas de limite ; rien ne peut y être ajouté.", "%[1]d lignes n’ont pas de limite ; rien ne peut y être ajouté.", " Contact %[2]s.", " Contactez %[2]s."),
	}
}

// lines is a message that counts lines, and ends by saying what to do.
func lines(one, many, oneFrench, manyFrench, end, endFrench string) entry {
	return entry{
		English: {plural.Selectf(1, "%d", plural.One, one+end, plural.Other, many+end)},
		French:  {plural.Selectf(1, "%d", plural.One, oneFrench+endFrench, plural.Other, manyFrench+endFrench)},
	}
}
