package text

// askMessages are about what people ask of those who may do it.
func askMessages() map[string]entry {
	return map[string]entry{
		"request_not_yours":         both("Only who sent this request can withdraw it. You can decline it where it is for you.", "Seul l’auteur de cette demande peut l’annuler. Vous pouvez la refuser si elle vous est adressée."),
		"request_not_for_you":       both("This request is answered by %[1]s.", "C’est %[1]s de répondre à cette demande."),
		"request_to_administrators": both("the administrators of the account", "à un administrateur du compte"),
		"request_to_partner":        both("the partner of the account", "au partenaire du compte"),
		"request_to_representative": both("the representative of the account", "au représentant du compte"),
		"request_to_vendor":         both("the vendor’s operators", "aux opérateurs de l’éditeur"),
		"request_closed":            both("This request is over: it is %[1]s. Send a new one.", "Cette demande est close : elle est %[1]s. Envoyez-en une nouvelle."),
		"request_in_cart":           both("This request is in a cart already. It is open again once its products are taken out of that.", "Cette demande est déjà dans un panier. Elle sera de nouveau ouverte quand ses produits en seront retirés."),
		"request_state_ordered":     both("ordered", "commandée"),
		"request_state_answered":    both("answered", "traitée"),
		"request_state_declined":    both("declined", "refusée"),
		"request_state_withdrawn":   both("withdrawn", "annulée"),
		"request_without_products":  both("This request names no products, so no cart can be made of it. Answer it instead.", "Cette demande n’indique aucun produit : elle ne peut pas devenir un panier. Répondez-y plutôt."),
		"request_members_only":      both("Requests are sent by people of the account. You can answer theirs.", "Les demandes sont envoyées par les membres du compte. Vous pouvez répondre aux leurs."),
		"too_many_requests":         both("You have %[1]d open requests already. Wait for an answer, or withdraw one.", "Vous avez déjà %[1]d demandes en cours. Attendez une réponse, ou annulez-en une."),

		"mail_request_subject":      both("%[1]s: %[2]s", "%[1]s : %[2]s"),
		"mail_request_more_seats":   both("%[1]s asks for more seats", "%[1]s demande des sièges supplémentaires"),
		"mail_request_price":        both("%[1]s asks about a price", "%[1]s pose une question sur un prix"),
		"mail_request_upgrade":      both("%[1]s asks for an upgrade", "%[1]s demande une mise à niveau"),
		"mail_request_support":      both("%[1]s asks for help", "%[1]s demande de l’aide"),
		"mail_request_item":         both("%[1]s: %[2]d more", "%[1]s : %[2]d de plus"),
		"mail_request_said":         both("In their own words:", "Voici son message :"),
		"mail_request_somebody":     both("Somebody", "Quelqu’un"),
		"mail_request_next":         both("Turn the request into a cart, answer it or decline it in Seatkeeper.", "Dans Seatkeeper, transformez la demande en panier, répondez-y ou refusez-la."),
		"mail_request_next_other":   both("Answer them by replying to this message; the request is also listed in Seatkeeper.", "Répondez en répondant à ce message ; la demande figure aussi dans Seatkeeper."),
		"mail_request_action":       both("Open Seatkeeper", "Ouvrir Seatkeeper"),
		"mail_request_footer":       both("You get this message because you administer %[1]s on Seatkeeper.", "Vous recevez ce message parce que vous administrez %[1]s sur Seatkeeper."),
		"mail_request_footer_other": both("You get this message because %[1]s turns to you about its contracts on Seatkeeper.", "Vous recevez ce message parce que %[1]s s’adresse à vous pour ses contrats sur Seatkeeper."),
	}
}
