"""First and last names so common in the Netherlands that a list of people shows some."""

FIRST = (
    "Jan|Johannes|Maria|Anna|Johanna|Cornelis|Hendrik|Willem|Pieter|Peter|Gerrit|Jacobus|"
    "Cornelia|Elisabeth|Catharina|Wilhelmina|Hans|Kees|Piet|Henk|Wim|Ria|Annie|Anja|"
    "Monique|Marieke|Ingrid|Esther|Linda|Petra|Sandra|Marja|Mohamed|Mohammed|Ahmed|Fatima|"
    "Ali|Daan|Sem|Lucas|Levi|Finn|Noah|Milan|Bram|Luuk|Mees|Thijs|Jesse|Tim|Thomas|Lars|"
    "Ruben|Sophie|Julia|Emma|Lotte|Eva|Tess|Anouk|Fleur|Sanne|Lisa|Femke|Iris|Roos|Noa|"
    "Saar|Isa|Mark|Martijn|Jeroen|Dennis|Erik|Marcel|Michel|Rob|Frank|Bas|Stefan|Rick|"
    "Kevin|Robin|Nick|Joost|Sjoerd|Wouter|Maarten|Bart|Jasper"
)
LAST = (
    "Jong|Jansen|Janssen|Vries|Berg|Bakker|Dijk|Visser|Smit|Smits|Meijer|Boer|Mulder|Groot|"
    "Bos|Vos|Peters|Hendriks|Leeuwen|Dekker|Brouwer|Wit|Dijkstra|Graaf|Meer|Linden|Kok|"
    "Jacobs|Haan|Vermeulen|Heuvel|Veen|Broek|Bruijn|Heijden|Schouten|Beek|Willems|Vliet|"
    "Hoekstra|Maas|Verhoeven|Koster|Dam|Prins|Blom|Huisman|Peeters|Jonge|Kuipers|Post|"
    "Kuiper|Veenstra|Kramer|Scholten|Wal|Postma|Martens|Bosman|Vink|Hermans|Gerritsen|"
    "Timmermans|Molenaar|Driessen|Kaya|Yilmaz|Bouzid|Singh"
)
PARTS = r"(?:\s+(?:van|de|der|den|het|'t|ten|ter|te|el))*"
SHAPE = rf"^\p{{Lu}}[\p{{Ll}}'-]+(?:\s\p{{Lu}}\.?)*{PARTS}\s+\p{{Lu}}[\p{{L}}'-]+$"
KNOWN = rf"^(?:{FIRST})\s|\s(?:{LAST})$"
