package text

import (
	"golang.org/x/text/feature/plural"
	"golang.org/x/text/message/catalog"
)

// domainMessages are about contracts, systems and accounts.
func domainMessages() map[string]entry {
	return map[string]entry{
		"time_zone_unknown":        both("“%[1]s” is not a time zone. Use a name of the IANA list, such as Europe/Paris.", "« %[1]s » n’est pas un fuseau horaire. Utilisez un nom de la liste IANA, par exemple Europe/Paris."),
		"locale_not_offered":       both("The language “%[1]s” is not offered. Use fr or en.", "La langue « %[1]s » n’est pas proposée. Utilisez fr ou en."),
		"currency_unknown":         both("“%[1]s” is not a currency. Use an ISO 4217 code, such as EUR.", "« %[1]s » n’est pas une devise. Utilisez un code ISO 4217, par exemple EUR."),
		"partner_unknown":          both("There is no partner %[1]s. Create it first, or choose one of the list.", "Il n’y a pas de partenaire %[1]s. Créez-le d’abord, ou choisissez-en un dans la liste."),
		"contract_expired":         both("The contract “%[1]s” expired on %[2]s. It takes nothing new; what it holds can be removed. Contact %[3]s to renew it.", "Le contrat « %[1]s » a expiré le %[2]s. Il n’accepte plus rien ; ce qu’il contient peut être retiré. Contactez %[3]s pour le renouveler."),
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
