package text

import (
	"golang.org/x/text/feature/plural"
	"golang.org/x/text/message/catalog"
)

// domainMessages are about contracts, systems, accounts and their people.
func domainMessages() map[string]entry {
	return map[string]entry{
		"time_zone_unknown":         both("“%[1]s” is not a time zone. Use a name of the IANA list, such as Europe/Paris.", "« %[1]s » n’est pas un fuseau horaire. Utilisez un nom de la liste IANA, par exemple Europe/Paris."),
		"locale_not_offered":        both("The language “%[1]s” is not offered. Use fr or en.", "La langue « %[1]s » n’est pas proposée. Utilisez fr ou en."),
		"currency_unknown":          both("“%[1]s” is not a currency. Use an ISO 4217 code, such as EUR.", "« %[1]s » n’est pas une devise. Utilisez un code ISO 4217, par exemple EUR."),
		"partner_unknown":           both("There is no partner %[1]s. Create it first, or choose one of the list.", "Il n’y a pas de partenaire %[1]s. Créez-le d’abord, ou choisissez-en un dans la liste."),
		"right_lacking":             both("You cannot give or take “%[1]s”: you do not have it yourself. Ask somebody who has.", "Vous ne pouvez ni donner ni retirer « %[1]s » : vous ne l’avez pas vous-même. Demandez à quelqu’un qui l’a."),
		"permission_set_unknown":    both("There is no permission set %[1]s in this account.", "Il n’y a pas d’ensemble d’autorisations %[1]s dans ce compte."),
		"permission_set_name_taken": both("There is a permission set “%[1]s” already. Choose another name.", "Il y a déjà un ensemble d’autorisations « %[1]s ». Choisissez un autre nom."),
		"too_many_permission_sets":  both("An account has at most %[1]d permission sets. Delete one first.", "Un compte a au plus %[1]d ensembles d’autorisations. Supprimez-en un d’abord."),
		"last_super_administrator":  both("%[1]s is the last super administrator. Make somebody else one first.", "%[1]s est le dernier super administrateur. Donnez d’abord ce rôle à quelqu’un d’autre."),
		"email_taken":               both("Somebody of this account has the address %[1]s already.", "Quelqu’un de ce compte a déjà l’adresse %[1]s."),
		"already_signed_in":         both("%[1]s has signed in already and needs no invitation.", "%[1]s s’est déjà connecté et n’a pas besoin d’invitation."),
		"user_deactivated":          both("%[1]s is deactivated. Reactivate them first.", "%[1]s est désactivé. Réactivez d’abord cette personne."),
		"address_refused":           both("No mail can be delivered to %[1]s. Give the person another address.", "Aucun message ne peut être remis à %[1]s. Donnez une autre adresse à cette personne."),
		"mail_unavailable":          both("The mail could not be sent just now. Try again in a moment.", "Le message n’a pas pu être envoyé pour le moment. Réessayez dans un instant."),
		"mail_not_set_up":           both("No mail is sent from here. Tell the person yourself that they can sign in.", "Aucun message n’est envoyé d’ici. Dites vous-même à la personne qu’elle peut se connecter."),
		"address_already_bound": both("Somebody has signed in with the address %[1]s before, in another way than you did now. If that was you, sign in the way you did first. If not, or if you no longer can, ask an administrator of your account, or the vendor.",
			"Quelqu’un s’est déjà connecté avec l’adresse %[1]s, d’une autre manière que vous à l’instant. Si c’était vous, connectez-vous comme la première fois. Sinon, ou si vous ne le pouvez plus, adressez-vous à un administrateur de votre compte ou à l’éditeur."),
		"staff_email_taken":        both("Somebody of this company has the address %[1]s already.", "Quelqu’un de cette entreprise a déjà l’adresse %[1]s."),
		"last_operator":            both("%[1]s is the last operator. Add another one, and have them sign in, first.", "%[1]s est le dernier opérateur. Ajoutez-en d’abord un autre, qui devra s’être connecté."),
		"not_signed_in_yet":        both("You were not let into any account yet. Ask an administrator to add you.", "Aucun compte ne vous est encore ouvert. Demandez à un administrateur de vous ajouter."),
		"contract_expired":         both("The contract “%[1]s” expired on %[2]s. It takes no new seat and no new system; those that it holds can be taken off it. Contact %[3]s to renew it.", "Le contrat « %[1]s » a expiré le %[2]s. Il n’accepte ni nouveau siège ni nouveau système ; ceux qu’il contient peuvent en être retirés. Contactez %[3]s pour le renouveler."),
		"system_already_connected": both("The system is already on the contract “%[1]s”. Disconnect it there first.", "Le système est déjà sur le contrat « %[1]s ». Déconnectez-l’en d’abord."),
		"system_is_trial":          both("A trial system cannot be connected to a contract.", "Un système d’essai ne peut pas être connecté à un contrat."),
		"system_not_found":         both("There is no such system in this account.", "Il n’y a pas de tel système dans ce compte."),
		"no_system_connected":      both("None of the systems could be connected; see “results”.", "Aucun des systèmes n’a pu être connecté ; voir « results »."),

		"systems_over_purchased": {
			English: {plural.Selectf(1, "%d",
				plural.One, "%[1]d contract covers more systems than were purchased. Contact %[2]s.",
				plural.Other, "%[1]d contracts cover more systems than were purchased. Contact %[2]s.")},
			French: {plural.Selectf(1, "%d",
				plural.One, "%[1]d contrat couvre plus de systèmes que le nombre acheté. Contactez %[2]s.",
				plural.Other, "%[1]d contrats couvrent plus de systèmes que le nombre acheté. Contactez %[2]s.")},
		},
		"your_representative": {English: {catalog.String("your representative")}, French: {catalog.String("votre représentant")}},
	}
}
