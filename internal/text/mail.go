package text

// mailMessages are what mails say. They are read outside of the portal, so each says by itself who writes and why.
func mailMessages() map[string]entry {
	return map[string]entry{
		"mail_invitation_subject": both("%[1]s gives you access to Seatkeeper", "%[1]s vous donne accès à Seatkeeper"),
		"mail_invitation_title":   both("Welcome to %[1]s on Seatkeeper", "Bienvenue chez %[1]s sur Seatkeeper"),
		"mail_invitation_body": both("%[1]s manages its contracts, systems and seats with Seatkeeper, and has added you. Sign in with the address that this message was sent to: your first sign-in lets you in.",
			"%[1]s gère ses contrats, ses systèmes et ses sièges avec Seatkeeper, et vous y a ajouté. Connectez-vous avec l’adresse à laquelle ce message a été envoyé : votre première connexion vous ouvre l’accès."),
		"mail_operator_subject": both("You have access to Seatkeeper as an operator", "Vous avez accès à Seatkeeper en tant qu’opérateur"),
		"mail_operator_title":   both("Welcome to Seatkeeper", "Bienvenue sur Seatkeeper"),
		"mail_operator_body": both("You have been added to the operators of Seatkeeper, who look after the accounts of its customers. Sign in with the address that this message was sent to: your first sign-in lets you in.",
			"Vous avez été ajouté aux opérateurs de Seatkeeper, qui s’occupent des comptes de ses clients. Connectez-vous avec l’adresse à laquelle ce message a été envoyé : votre première connexion vous ouvre l’accès."),
		"mail_operator_footer": both("You get this message because your address was added to the operators of Seatkeeper. If you do not know why, ignore it: nothing happens unless you sign in.",
			"Vous recevez ce message parce que votre adresse a été ajoutée à celles des opérateurs de Seatkeeper. Si vous ne savez pas pourquoi, ignorez-le : rien ne se passe tant que vous ne vous connectez pas."),
		"mail_invitation_action": both("Sign in", "Se connecter"),
		"mail_invitation_footer": both("You get this message because your address was added at %[1]s. If you do not know why, ignore it: nothing happens unless you sign in.",
			"Vous recevez ce message parce que votre adresse a été ajoutée chez %[1]s. Si vous ne savez pas pourquoi, ignorez-le : rien ne se passe tant que vous ne vous connectez pas."),

		"mail_seats_subject": both("%[1]s has changed the products that you can use", "%[1]s a modifié les produits que vous pouvez utiliser"),
		"mail_seats_title":   both("Your products at %[1]s", "Vos produits chez %[1]s"),
		"mail_seats_body":    both("The products that %[1]s gives you a seat of have changed.", "Les produits pour lesquels %[1]s vous attribue un siège ont changé."),
		"mail_seats_added":   both("You can use from now on: %[1]s.", "Vous pouvez désormais utiliser : %[1]s."),
		"mail_seats_removed": both("You can no longer use: %[1]s.", "Vous ne pouvez plus utiliser : %[1]s."),
		"mail_seats_action":  both("Open Seatkeeper", "Ouvrir Seatkeeper"),
		"mail_seats_footer": both("You get this message because whoever changed your seats at %[1]s asked for you to be told. If something is missing, turn to your administrator there.",
			"Vous recevez ce message parce que la personne qui a modifié vos sièges chez %[1]s a demandé que vous en soyez informé. S’il vous manque quelque chose, adressez-vous à votre administrateur sur place."),
	}
}
