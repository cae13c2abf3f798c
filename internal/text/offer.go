package text

// offerMessages are about how products are sold, by whom, and who is billed.
func offerMessages() map[string]entry {
	return map[string]entry{
		"not_sold_in":        both("“%[1]s” has no price in %[2]s. Ask your representative for one.", "« %[1]s » n’a pas de prix en %[2]s. Demandez-en un à votre représentant."),
		"tiers_not_from_one": both("the first tier must begin with 1 seat", "le premier palier doit commencer à 1 licence"),
		"tiers_not_rising":   both("each tier must begin with more seats than the one before; there: %[1]d", "chaque palier doit commencer à plus de licences que le précédent ; celui-ci : %[1]d"),

		"country_unknown":            both("“%[1]s” is not a country. Use two capitals of ISO 3166, such as FR; Greece is GR, the United Kingdom GB.", "« %[1]s » n’est pas un pays. Utilisez deux majuscules de l’ISO 3166, par exemple FR ; la Grèce est GR, le Royaume-Uni GB."),
		"tax_number_malformed":       both("“%[1]s” is not a VAT number of %[2]s. Write it with its prefix, as on an invoice, or leave it out.", "« %[1]s » n’est pas un numéro de TVA de %[2]s. Écrivez-le avec son préfixe, comme sur une facture, ou laissez le champ vide."),
		"seller_country_not_offered": both("A seller in “%[1]s” is not offered: taxes are known for sellers in the EU.", "Un vendeur établi en « %[1]s » n’est pas proposé : les taxes sont connues pour les vendeurs établis dans l’UE."),

		"not_an_amount":        both("“%[1]s” is not an amount. Write it in digits with a decimal comma or point, such as 1234,50.", "« %[1]s » n’est pas un montant. Écrivez-le en chiffres, avec une virgule ou un point décimal, par exemple 1234,50."),
		"ambiguous_amount":     both("“%[1]s” may be read in two ways. Write it without marks between thousands, or with two decimals.", "« %[1]s » peut se lire de deux manières. Écrivez-le sans séparateur de milliers, ou avec deux décimales."),
		"amount_too_precise":   both("“%[1]s” has more decimals than the currency; most: %[2]d.", "« %[1]s » comporte plus de décimales que la devise ; maximum : %[2]d."),
		"amount_too_large":     both("“%[1]s” is too large for a price.", "« %[1]s » est trop élevé pour un prix."),
		"number_out_of_tiers":  both("A price begins with 1 to %[1]d seats.", "Un prix commence à un nombre de licences de 1 à %[1]d."),
		"product_row_rejected": both("Another row of this product was rejected, so none of them was taken: a price with a tier left out would be another price. Mend that row and send all of them.", "Une autre ligne de ce produit a été rejetée ; aucune n’a donc été reprise : un prix auquel manque un palier serait un autre prix. Corrigez cette ligne et envoyez-les toutes."),
		"product_kind_unknown": both("“%[1]s” is not a kind of product. Write product, add-on, optional or upgrade.", "« %[1]s » n’est pas une nature de produit. Écrivez produit, option complémentaire, licence optionnelle ou mise à niveau."),
		"period_unknown":       both("“%[1]s” is not a billing period. Write monthly or yearly.", "« %[1]s » n’est pas une période de facturation. Écrivez mensuel ou annuel."),
		"tax_category_unknown": both("“%[1]s” is not a tax category. Write standard, reduced or exempt.", "« %[1]s » n’est pas une catégorie de taxe. Écrivez normal, réduit ou exonéré."),
		"edition_malformed":    both("“%[1]s” is not an edition. Write lower-case words, with | between several, such as entry|standard.", "« %[1]s » n’est pas une édition. Écrivez des mots en minuscules, avec | entre plusieurs, par exemple entry|standard."),
		"tier_twice":           both("The price from %[1]d seats on stands there twice. Keep one of them.", "Le prix à partir de %[1]d licences y figure deux fois. N’en gardez qu’un."),
		"no_first_tier":        both("The prices of this currency and period do not begin with 1 seat. Add that row.", "Les prix de cette devise et de cette période ne commencent pas à 1 licence. Ajoutez cette ligne."),
		"price_incomplete":     both("A price needs a currency and a period. Fill in both, or leave the price empty.", "Un prix suppose une devise et une période. Renseignez les deux, ou laissez le prix vide."),
		"too_many_prices":      both("A product has at most %[1]d prices of a currency and period, each with at most %[2]d tiers.", "Un produit a au plus %[1]d prix par devise et période, chacun d’au plus %[2]d paliers."),
	}
}
