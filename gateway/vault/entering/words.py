"""The French words of activation and recovery (PAGES section 4, VAULT ACC-04 to ACC-10)."""

from gateway.flows.entering.rules import Flaw
from gateway.records.patients.activation import Helper

ACTIVATE_CHILD = "Activer l'espace de mon enfant"
ACTIVATE, RECOVER = "Activer mon espace", "Identifiant ou mot de passe oublié"
UNIDENTIFIED = "Nous n'avons pas réussi à vous identifier. Veuillez vérifier votre saisie."
CODE_OVER = "Votre code provisoire a expiré. Générez un nouveau code provisoire."
CODE_USED = "Votre code provisoire a déjà été utilisé. Générez un nouveau code provisoire."
ALREADY_MADE = "Un profil a déjà été créé pour cette personne."
BEING_ERASED = "Ce que contenait cet espace est en cours de suppression."
ERASED_BY = "Vous pourrez activer un espace vide quand elle sera terminée, au plus tard le {day}."
NEW_CODE = "Générer un nouveau code provisoire"
CHANNELS = {"sms": "SMS", "email": "e-mail"}
CHANNEL_MISSING = "Choisissez comment recevoir votre code."
CODE_GONE_BY = {
    "sms": "Votre nouveau code provisoire est parti par SMS.",
    "email": "Votre nouveau code provisoire est parti par e-mail.",
}
NO_SUCH_CONTACT = {
    "sms": "Nous ne connaissons aucun mobile pour vous. Aucun code n'est parti.",
    "email": "Nous ne connaissons aucun e-mail pour vous. Aucun code n'est parti.",
}
NIR_WRONG = "Ce numéro de sécurité sociale n'est pas correct. Vérifiez chaque chiffre."
SERIAL_WRONG = "Le numéro de série compte 8 à 13 chiffres."
CODE_MISSING = "Saisissez votre code provisoire."
EMAIL_WRONG = "Saisissez une adresse e-mail complète, par exemple nom@exemple.fr."
MOBILE_WRONG = "Saisissez un numéro de mobile, par exemple 06 12 34 56 78."
NO_CONTACT = "Saisissez un e-mail ou un mobile : nous y envoyons vos codes."
AGREE = "Cochez la case pour accepter les conditions d'utilisation."
NOT_SAME = "Les deux mots de passe ne sont pas identiques."
BORN_MISSING = "Saisissez votre date de naissance."
CERTIFY = "Cochez la case : seul un représentant légal peut activer l'espace d'un enfant."
OTHER_PARENT = "Cochez la case : l'accord de l'autre parent est nécessaire."
CHILD_BORN_MISSING = "Saisissez la date de naissance de votre enfant."
CHILD_UNIDENTIFIED = (
    "Nous n'avons pas reconnu ces informations. Vérifiez le code, votre numéro de série et la date "
    "de naissance."
)
CHILD_CODE_OVER = "Le code provisoire de votre enfant a expiré. Demandez-en un nouveau au 3422."
CHILD_CODE_USED = "Ce code provisoire a déjà été utilisé. Demandez-en un nouveau au 3422."
GONE = "Ce code provisoire n'est plus valable. Rien n'a été changé."
NOT_RENEWED = "Le mot de passe n'a pas été changé. Recommencez depuis le début."
FLAWS = {
    Flaw.LOGIN: "L'identifiant compte 8 à 64 lettres minuscules sans accent ou chiffres.",
    Flaw.LOGIN_NUMBER: "Un numéro de sécurité sociale ou de compte n'est pas un identifiant.",
    Flaw.LOGIN_TAKEN: "Cet identifiant existe déjà. Veuillez en saisir un nouveau.",
    Flaw.LENGTH: "Le mot de passe compte au moins 9 caractères.",
    Flaw.CLASSES: (
        "Le mot de passe contient une minuscule, une majuscule, un chiffre et un signe, "
        "par exemple ! ou ?."
    ),
    Flaw.TRAIT: (
        "Le mot de passe ne contient ni votre nom, ni votre prénom, ni votre date de naissance, "
        "ni votre identifiant."
    ),
    Flaw.COMMON: "Ce mot de passe est trop courant. Choisissez-en un autre.",
    Flaw.FORMER: "Vous avez déjà eu ce mot de passe. Choisissez-en un nouveau.",
}
HELPERS = {
    Helper.ALONE: "Je suis seul(e)",
    Helper.GUARDIAN: "Mon tuteur ou ma tutrice",
    Helper.PROFESSIONAL: "Un professionnel de santé",
    Helper.SUPPORT: "Le 3422",
    Helper.CPAM: "Ma caisse d'assurance maladie",
    Helper.FRANCE_SERVICES: "France services",
    Helper.COUNSELLOR: "Un conseiller numérique",
}
SENT_TO = {
    "sms": "6 chiffres, envoyé par SMS au {shown}, valable 10 minutes",
    "email": "6 chiffres, envoyé par e-mail à {shown}, valable 10 minutes",
}
SENT_IF_KNOWN = (
    "6 chiffres, valable 10 minutes. Si ces informations sont celles d'un espace, le code vient "
    "de partir vers le mobile ou l'e-mail connu de cet espace."
)
CODE_WRONG = "Ce code n'est pas correct ou n'est plus valable."
