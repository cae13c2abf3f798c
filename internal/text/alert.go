package text

import "golang.org/x/text/feature/plural"

// alertMessages are about what runs full or out. The list of alerts and the mails say the same of it; mails are read
// outside of the portal, so each says by itself who writes, why, and what to do next.
func alertMessages() map[string]entry {
	return map[string]entry{
		"alert_usage_not_set":     both("“%[1]s” has no limit of seats yet; nobody can be added.", "« %[1]s » n’a pas encore de limite de sièges ; personne ne peut être ajouté."),
		"alert_contract_expiring": both("The contract “%[1]s” expires on %[2]s. From that day on it takes no new seat and no new system.", "Le contrat « %[1]s » expire le %[2]s. À compter de ce jour, il n’accepte ni nouveau siège ni nouveau système."),
		"alert_contract_expired":  both("The contract “%[1]s” expired on %[2]s. It takes no new seat and no new system; what it holds stays visible and can be removed.", "Le contrat « %[1]s » a expiré le %[2]s. Il n’accepte ni nouveau siège ni nouveau système ; ce qu’il contient reste visible et peut être retiré."),

		// What to do next, for the account's people.
		"alert_next_usage":    both("Free seats that nobody needs, or contact %[1]s to raise the limit.", "Libérez les sièges dont personne n’a besoin, ou contactez %[1]s pour relever la limite."),
		"alert_next_not_set":  both("Contact %[1]s to have one set.", "Contactez %[1]s pour en faire fixer une."),
		"alert_next_contract": both("Contact %[1]s to renew it.", "Contactez %[1]s pour le renouveler."),
		"alert_next_systems":  both("Contact %[1]s to purchase more, or disconnect systems.", "Contactez %[1]s pour en acheter davantage, ou détachez des systèmes."),

		// And for the partner, who sets the terms.
		"mail_alert_partner_usage":    both("You manage the terms of %[1]s: raise the limit, or ask them to free seats that nobody needs.", "Vous gérez les conditions de %[1]s : relevez la limite, ou demandez-leur de libérer les sièges dont personne n’a besoin."),
		"mail_alert_partner_contract": both("You manage the terms of %[1]s: agree with them on the renewal.", "Vous gérez les conditions de %[1]s : convenez avec eux du renouvellement."),
		"mail_alert_partner_systems":  both("You manage the terms of %[1]s: raise the number purchased, or ask them to disconnect systems.", "Vous gérez les conditions de %[1]s : augmentez le nombre acheté, ou demandez-leur de détacher des systèmes."),

		"mail_alert_subject":           both("%[1]s: %[2]s", "%[1]s : %[2]s"),
		"mail_alert_usage80":           both("80 %% of the seats of “%[1]s” are in use", "80 %% des sièges de « %[1]s » sont occupés"),
		"mail_alert_usage100":          both("The seats of “%[1]s” are used up", "Les sièges de « %[1]s » sont épuisés"),
		"mail_alert_contract_expiring": both("The contract “%[1]s” expires on %[2]s", "Le contrat « %[1]s » expire le %[2]s"),
		"mail_alert_contract_expired":  both("The contract “%[1]s” has expired", "Le contrat « %[1]s » a expiré"),
		"mail_alert_systems_over":      both("The contract “%[1]s” covers more systems than were purchased", "Le contrat « %[1]s » couvre plus de systèmes qu’il n’en a été acheté"),
		"mail_alert_contract":          both("Contract: %[1]s", "Contrat : %[1]s"),
		"mail_alert_action":            both("Open Seatkeeper", "Ouvrir Seatkeeper"),
		"mail_alert_footer":            both("You get this message because you administer %[1]s on Seatkeeper. You can mute mails of this kind in your own settings.", "Vous recevez ce message parce que vous administrez %[1]s sur Seatkeeper. Vous pouvez désactiver ce type de message dans vos paramètres."),
		"mail_alert_footer_partner":    both("You get this message because you are the contact of the partner that manages %[1]s on Seatkeeper.", "Vous recevez ce message parce que vous êtes le contact du partenaire qui gère %[1]s sur Seatkeeper."),
	}
}

// countedAlertMessages are those that count seats or systems.
func countedAlertMessages() map[string]entry {
	return map[string]entry{
		"alert_usage_warning": inUse("“%[1]s”: %[2]d of %[3]d seats is in use, ", "“%[1]s”: %[2]d of %[3]d seats are in use, ", "« %[1]s » : %[2]d siège sur %[3]d est occupé, ", "« %[1]s » : %[2]d sièges sur %[3]d sont occupés, ",
			"80 %% of the limit or more.", "soit 80 %% de la limite ou plus."),
		"alert_usage_full": inUse("“%[1]s”: no seat is free, %[2]d of %[3]d is in use.", "“%[1]s”: no seat is free, %[2]d of %[3]d are in use.", "« %[1]s » : plus aucun siège n’est libre, %[2]d sur %[3]d est occupé.", "« %[1]s » : plus aucun siège n’est libre, %[2]d sur %[3]d sont occupés.",
			" Adding is paused.", " Les ajouts sont suspendus."),
		"alert_usage_over_limit": inUse("“%[1]s”: %[2]d seat is in use, ", "“%[1]s”: %[2]d seats are in use, ", "« %[1]s » : %[2]d siège est occupé, ", "« %[1]s » : %[2]d sièges sont occupés, ",
			"and the limit is %[3]d. Adding is paused.", "pour une limite de %[3]d. Les ajouts sont suspendus."),
		"alert_systems_over": inUse("The contract “%[1]s” covers %[2]d system; ", "The contract “%[1]s” covers %[2]d systems; ", "Le contrat « %[1]s » couvre %[2]d système ; ", "Le contrat « %[1]s » couvre %[2]d systèmes ; ",
			"purchased: %[3]d.", "achetés : %[3]d."),
	}
}

// inUse is a message that counts what is in use, its second argument, and ends alike for all numbers.
func inUse(one, many, oneFrench, manyFrench, end, endFrench string) entry {
	return entry{
		English: {plural.Selectf(2, "%d", plural.One, one+end, plural.Other, many+end)},
		French:  {plural.Selectf(2, "%d", plural.One, oneFrench+endFrench, plural.Other, manyFrench+endFrench)},
	}
}
