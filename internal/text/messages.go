package text

import "maps"

// messages is the catalog. A sentence says what is wrong and what to do; %[n] are the arguments of the fault that
// carries the code, in their order.
func messages() map[string]entry {
	all := map[string]entry{}
	for _, part := range parts() {
		maps.Copy(all, part)
	}
	return all
}

// parts are the catalog by what the messages are about; each stands in a file of its own.
func parts() []map[string]entry {
	return []map[string]entry{
		requestMessages(), validationMessages(), domainMessages(), seatMessages(), countedSeatMessages(),
		sheetMessages(), mailMessages(), alertMessages(), countedAlertMessages(), offerMessages(), statementMessages(),
		statementTotals(), orderMessages(), removalMessages(), askMessages(), dataMessages(),
	}
}

// requestMessages are about the call itself, whatever it is for.
func requestMessages() map[string]entry {
	return map[string]entry{
		"title_400": both("The request could not be read", "La requête est illisible"),
		"title_401": both("Sign in first", "Connectez-vous d’abord"),
		"title_403": both("You may not do this", "Vous n’avez pas le droit de faire cela"),
		"title_404": both("Not found", "Introuvable"),
		"title_405": both("Not possible here", "Impossible ici"),
		"title_406": both("That format is not offered", "Ce format n’est pas proposé"),
		"title_409": both("Not possible as things stand", "Impossible en l’état"),
		"title_412": both("Changed in the meantime", "Modifié entre-temps"),
		"title_413": both("Too large", "Trop volumineux"),
		"title_415": both("That kind of content is not accepted", "Ce type de contenu n’est pas accepté"),
		"title_422": both("The request is not valid", "La requête n’est pas valide"),
		"title_428": both("A header is missing", "Il manque un en-tête"),
		"title_500": both("Something went wrong on our side", "Un incident s’est produit de notre côté"),
		"title_503": both("Busy", "Occupé"),

		"malformed_request":      both("The request could not be read. Check that its body is well-formed JSON and its address is spelled correctly.", "La requête est illisible. Vérifiez que son corps est du JSON bien formé et que son adresse est correcte."),
		"unsupported_media_type": both("Send the body as %[1]s.", "Envoyez le corps au format %[1]s."),
		"not_acceptable":         both("The answer is offered as %[1]s only.", "La réponse n’est proposée qu’au format %[1]s."),
		"method_not_allowed":     both("This address does not answer to that method.", "Cette adresse ne répond pas à cette méthode."),
		"unauthenticated":        both("Sign in, then send the token in the Authorization header.", "Connectez-vous, puis envoyez le jeton dans l’en-tête Authorization."),
		"not_found":              both("There is nothing at this address, or it is not yours to see.", "Il n’y a rien à cette adresse, ou vous n’y avez pas accès."),
		"permission_missing":     both("This needs the permission “%[1]s”, which you do not have in this account. Ask an administrator of the account for it, or send them a request.", "Il faut pour cela l’autorisation « %[1]s », que vous n’avez pas dans ce compte. Demandez-la à un administrateur du compte, ou envoyez une demande."),
		"staff_only":             both("This is for a partner’s own staff and the vendor’s operators.", "Ceci est réservé au personnel du partenaire et aux opérateurs de l’éditeur."),
		"vendor_only":            both("This is for the vendor’s own operators.", "Ceci est réservé aux opérateurs de l’éditeur."),
		"invalid_request":        both("Some values of the request are not acceptable; see “errors”.", "Certaines valeurs de la requête ne sont pas acceptables ; voir « errors »."),
		"request_too_large":      both("The request is larger than %[1]d bytes. Send less at once.", "La requête dépasse %[1]d octets. Envoyez-en moins à la fois."),
		"idempotency_key_required": both("Send an Idempotency-Key header: a value of your own, new for each thing you want done, the same when you repeat it.",
			"Envoyez un en-tête Idempotency-Key : une valeur de votre choix, nouvelle pour chaque action, identique quand vous la répétez."),
		"idempotency_key_reused":  both("This Idempotency-Key was used for another request. Use a new one.", "Cette Idempotency-Key a servi à une autre requête. Utilisez-en une nouvelle."),
		"idempotency_key_invalid": both("The Idempotency-Key must have 1 to 255 visible characters.", "L’en-tête Idempotency-Key doit comporter de 1 à 255 caractères visibles."),
		"if_match_required":       both("Send an If-Match header with the ETag that you read.", "Envoyez un en-tête If-Match avec l’ETag que vous avez lu."),
		"stale":                   both("Somebody changed this since you read it. Read it again, then repeat your change.", "Quelqu’un l’a modifié depuis votre lecture. Relisez, puis refaites votre modification."),
		"page_token_invalid":      both("The page token is not one for this list. Start again from the first page.", "Le jeton de page n’est pas celui de cette liste. Reprenez à la première page."),
		"page_token_expired":      both("The page token is too old. Start again from the first page.", "Le jeton de page est trop ancien. Reprenez à la première page."),
		"busy":                    both("Many people are changing this right now; nothing was done. Try again in a moment.", "Beaucoup de modifications sont en cours ; rien n’a été fait. Réessayez dans un instant."),
		"timed_out": both("This took too long, and may or may not have been done. Look again, then repeat it; with the same Idempotency-Key nothing is done twice.",
			"L’opération a pris trop de temps ; elle a pu aboutir ou non. Vérifiez, puis recommencez ; avec la même Idempotency-Key, rien n’est fait deux fois."),
		"internal_error": both("Something went wrong on our side. Try again; if it lasts, tell support the request id.", "Un incident s’est produit de notre côté. Réessayez ; si cela dure, indiquez l’identifiant de la requête à l’assistance."),

		// What permission_missing and right_lacking call each permission of package access.
		"permission_view":            both("view", "consulter"),
		"permission_manage_licences": both("manage licences", "gérer les licences"),
		"permission_manage_users":    both("manage users", "gérer les utilisateurs"),
		"permission_manage_data":     both("export and erase", "exporter et effacer"),
		"permission_manage_billing":  both("manage billing", "gérer la facturation"),
		"permission_manage_systems":  both("connect and disconnect systems", "relier et détacher des systèmes"),
		"permission_send_requests":   both("send requests", "envoyer des demandes"),
		"permission_view_orders":     both("view orders", "consulter les commandes"),
		"permission_manage_terms":    both("manage terms", "gérer les conditions"),
		"permission_manage_accounts": both("manage accounts", "gérer les comptes"),
		"permission_import_crm":      both("import from the CRM", "importer depuis le CRM"),
		// A role that right_lacking names: only who has it gives it.
		"permission_super_administrator": both("super administrator", "super administrateur"),
	}
}
