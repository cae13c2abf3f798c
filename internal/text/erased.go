package text

// Erased is what a person is called who was erased, by the end of their id: the same wherever they stand, and nothing that
// they were called before.
func Erased(l Lang, id string) string {
	const shown = 4
	return Say(l, "user_pseudonym", id[max(0, len(id)-shown):])
}

// dataMessages are about what is taken out of the system: exports and erasures.
func dataMessages() map[string]entry {
	return map[string]entry{
		"user_pseudonym":   both("Deleted user %[1]s", "Utilisateur supprimé %[1]s"),
		"user_erased":      both("This person was erased. Nothing of them can be changed; add them anew if they come back.", "Cette personne a été effacée. Rien ne peut être modifié ; ajoutez-la de nouveau si elle revient."),
		"user_active":      both("%[1]s is active. Deactivate them first; only then can they be erased.", "%[1]s est actif. Désactivez d’abord cette personne pour pouvoir l’effacer."),
		"email_differs":    both("This is not the person’s address. Repeat it to confirm that they are to be erased.", "Ce n’est pas l’adresse de cette personne. Répétez-la pour confirmer l’effacement."),
		"export_under_way": both("An export is under way. Wait until it is ready, then start another one.", "Une exportation est en cours. Attendez qu’elle soit prête avant d’en lancer une autre."),
	}
}
