package text

// validationMessages are about one value of a request; platform/httpapi maps the schema's checks to them. They follow
// the value's location, so they begin in lower case and do not repeat its name. Numbers stand apart from what they
// count, so that no sentence needs a plural.
func validationMessages() map[string]entry {
	return map[string]entry{
		"value_invalid": both("this value is not acceptable", "cette valeur n’est pas acceptable"),
		"required":      both("is missing", "est absent"),
		"repeated":      both("stands here more than once", "figure ici plus d’une fois"),

		"unknown_field":     both("is not a field of this object; check the spelling, capitals included", "n’est pas un champ de cet objet ; vérifiez l’orthographe, majuscules comprises"),
		"unknown_parameter": both("is not a parameter of this address; check the spelling, capitals included", "n’est pas un paramètre de cette adresse ; vérifiez l’orthographe, majuscules comprises"),

		"not_a_date_time": both("must be an instant such as 2026-11-20T09:30:00Z", "doit être un instant, par exemple 2026-11-20T09:30:00Z"),
		"not_a_day":       both("must be a day that exists, such as 2026-11-20", "doit être un jour qui existe, par exemple 2026-11-20"),
		"after_the_end":   both("must not be after %[1]s", "ne doit pas être après le %[1]s"),
		"too_many_days":   both("asks for too many days at once; most: %[1]v", "demande trop de jours à la fois ; maximum : %[1]v"),
		"not_a_time":      both("must be a time of day such as 09:30:00", "doit être une heure, par exemple 09:30:00"),
		"not_an_email":    both("must be an e-mail address", "doit être une adresse e-mail"),
		"not_a_url":       both("must be a web address", "doit être une adresse web"),
		"not_a_boolean":   both("must be true or false", "doit être true ou false"),
		"not_a_number":    both("must be a number", "doit être un nombre"),
		"not_an_integer":  both("must be a whole number", "doit être un nombre entier"),
		"not_a_string":    both("must be a text", "doit être un texte"),
		"not_a_list":      both("must be a list", "doit être une liste"),
		"not_an_object":   both("must be an object", "doit être un objet"),
		"not_an_etag":     both("must be the ETag that you read, with its quotes", "doit être l’ETag que vous avez lu, guillemets compris"),
		"not_one_of":      both("must be one of: %[1]s", "doit être l’une des valeurs suivantes : %[1]s"),
		"wrong_form":      both("does not have the form that is expected here", "n’a pas la forme attendue ici"),

		"too_small":           both("must be %[1]v or more", "doit être supérieur ou égal à %[1]v"),
		"too_large":           both("must be %[1]v or less", "doit être inférieur ou égal à %[1]v"),
		"not_above":           both("must be more than %[1]v", "doit être supérieur à %[1]v"),
		"not_below":           both("must be less than %[1]v", "doit être inférieur à %[1]v"),
		"not_a_multiple":      both("must be a multiple of %[1]v", "doit être un multiple de %[1]v"),
		"too_short":           both("is too short; shortest length: %[1]v", "est trop court ; longueur minimale : %[1]v"),
		"too_long":            both("is too long; greatest length: %[1]v", "est trop long ; longueur maximale : %[1]v"),
		"too_few":             both("holds too few values; fewest: %[1]v", "contient trop peu de valeurs ; minimum : %[1]v"),
		"too_many":            both("holds too many values; most: %[1]v", "contient trop de valeurs ; maximum : %[1]v"),
		"number_out_of_range": both("is a number too large to be read", "est un nombre trop grand pour être lu"),

		"control_characters": both("holds characters that cannot be seen, such as a carriage return; take them out", "contient des caractères invisibles, par exemple un retour chariot ; retirez-les"),
		"nested_too_deep":    both("has too many lists and objects within each other", "imbrique trop de listes et d’objets"),
	}
}
