package text

// orderMessages are about carts, quotes and orders.
func orderMessages() map[string]entry {
	return map[string]entry{
		"cart_full":               both("A cart holds at most %[1]d products. Order what is in it, or take something out.", "Un panier contient au plus %[1]d produits. Commandez ce qu’il contient, ou retirez-en."),
		"cart_requests_full":      both("A cart holds at most %[1]d requests. Order what is in it first.", "Un panier contient au plus %[1]d demandes. Commandez d’abord ce qu’il contient."),
		"cart_empty":              both("The cart is empty. Put something into it first.", "Le panier est vide. Ajoutez-y d’abord un produit."),
		"product_not_in_cart":     both("The product “%[1]s” is not in the cart.", "Le produit « %[1]s » n’est pas dans le panier."),
		"edition_excludes":        both("“%[1]s” is not sold to accounts of the edition “%[2]s”. Ask for an upgrade to buy it.", "« %[1]s » n’est pas proposé à l’édition « %[2]s ». Demandez une mise à niveau pour l’acheter."),
		"no_price":                both("“%[1]s” has no price in %[2]s for the period “%[3]s”. Choose a period that it is sold by, or ask your representative for a price.", "« %[1]s » n’a pas de prix en %[2]s pour la période « %[3]s ». Choisissez une période à laquelle il est vendu, ou demandez un prix à votre représentant."),
		"period_monthly":          both("monthly", "mensuelle"),
		"period_yearly":           both("yearly", "annuelle"),
		"dependency_missing":      both("“%[1]s” needs “%[2]s”, which the account does not have. Add that to the cart as well.", "« %[1]s » nécessite « %[2]s », que le compte n’a pas. Ajoutez-le aussi au panier."),
		"contract_not_found":      both("There is no contract %[1]s in this account.", "Il n’y a pas de contrat %[1]s dans ce compte."),
		"contract_needed":         both("Several contracts could take the seats of “%[1]s”. Name one; see “contracts”.", "Plusieurs contrats pourraient recevoir les sièges de « %[1]s ». Indiquez-en un ; voir « contracts »."),
		"no_active_contract":      both("The account has no active contract that could take seats. Contact %[1]s.", "Le compte n’a aucun contrat actif qui puisse recevoir des sièges. Contactez %[1]s."),
		"partner_managed":         both("A partner manages what this account buys. Contact %[1]s, or send a request.", "Un partenaire gère les achats de ce compte. Contactez %[1]s, ou envoyez une demande."),
		"billing_profile_missing": both("Nobody has said yet whom to bill. Fill in the billing profile of the account first: its legal name, address and country.", "Personne n’a encore indiqué qui facturer. Renseignez d’abord le profil de facturation du compte : raison sociale, adresse et pays."),
		"seller_missing":          both("The vendor has not said yet who sells. Ask the vendor; nothing can be ordered until then.", "L’éditeur n’a pas encore indiqué qui vend. Adressez-vous à lui ; rien ne peut être commandé d’ici là."),
		"order_too_dear":          both("%[2]d seats of “%[1]s” come to more than one order takes. Order fewer at once.", "%[2]d sièges de « %[1]s » dépassent ce qu’une commande accepte. Commandez-en moins à la fois."),
		"line_too_large":          both("A contract takes at most %[2]d seats of “%[1]s”. Order fewer.", "Un contrat accepte au plus %[2]d sièges de « %[1]s ». Commandez-en moins."),
		"order_too_large":         both("The order is split over more cost centers and products than one order takes. Order it in parts.", "La commande est répartie sur plus de centres de coûts et de produits qu’une commande n’en accepte. Passez-la en plusieurs fois."),
		"split_sum":               both("The parts of “%[1]s” come to %[2]d, and the row has %[3]d. Make them equal.", "Les parts de « %[1]s » totalisent %[2]d, et la ligne en compte %[3]d. Rendez-les égales."),
		"carrier_twice":           both("names who carries the seats in more than one way; keep one of them", "indique de plusieurs façons qui porte les sièges ; n’en gardez qu’une"),
		"quote_unknown":           both("There is no quote %[1]s of yours. Ask for a new one.", "Vous n’avez pas de devis %[1]s. Demandez-en un nouveau."),
		"quote_expired":           both("The quote is over: it was the price for 30 minutes. The new one is in “quote”; read it and confirm.", "Le devis a expiré : il valait 30 minutes. Le nouveau figure dans « quote » ; lisez-le et confirmez."),
		"quote_changed":           both("The cart, the contract’s terms or the tax profile have changed since the quote. The new one is in “quote”; read it and confirm.", "Le panier, les conditions du contrat ou le profil fiscal ont changé depuis le devis. Le nouveau figure dans « quote » ; lisez-le et confirmez."),
		"quote_ordered":           both("This quote was ordered already; see “orderId”.", "Ce devis a déjà été commandé ; voir « orderId »."),
		"currency_mismatch":       both("The order says %[1]s, and the quote is in %[2]s. Order in the currency of the quote.", "La commande indique %[1]s, et le devis est en %[2]s. Commandez dans la devise du devis."),
		"charges_not_confirmed":   both("Confirm that you have read the charges: send confirmedCharges as true.", "Confirmez que vous avez lu les montants : envoyez confirmedCharges à true."),
	}
}
