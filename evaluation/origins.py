"""How many names are found, by where they come from and how they are written. The names below stand in no list that training draws by hand."""

from __future__ import annotations

from collections.abc import Callable

from primum_detect import Engine

SENTENCES = (
    "so proud of {given} {family}, who finished her first 5k today",
    "has anyone heard from {given} {family} since the storm?",
    "{given} {family} was in the ER on Friday with her son",
    "pls call {given} {family} back about the form",
    "{given} from accounting brought donuts again",
    "thinking of {given} tonight, hang in there",
    "my cousin {given} just got engaged",
    "Mrs. {family} asked for the quilt pattern",
)
NAMES = {
    "English": ("Harold Winifred Graham Beatrice Clifford", "Thornbury Ashworth Pemberton Huxley Winslow"),
    "Spanish": ("Guadalupe Esteban Ximena Rigoberto Maribel", "Villanueva Zamora Quintero Escobedo Arriaga"),
    "Portuguese": ("Thiago Rafaela Joaquim Beatriz Caetano", "Carvalho Teixeira Nogueira Figueiredo Barbosa"),
    "French and Haitian": ("Mireille Jean-Luc Wideline Frantz Guerda", "Baptiste Desrosiers Lafleur Toussaint Pierre-Louis"),
    "German and Nordic": ("Wolfgang Liesel Sigrid Torvald Anneliese", "Schreiber Hoffmeister Lindqvist Halvorsen Bergstrom"),
    "Slavic": ("Bogdan Ludmila Zdenka Miroslav Oksana", "Wojciechowski Kovalenko Novotny Petrenko Dragomir"),
    "Chinese": ("Xiuying Zihan Guofeng Meiling Zhihao", "Ouyang Situ Deng Xiong Cao"),
    "Korean": ("Seojun Minseo Youngja Haneul Jaehyun", "Hwang Bae Noh Ryu Sim"),
    "Japanese": ("Kazuo Fumiko Shinji Ayaka Masaru", "Fujimoto Hayashi Ogawa Matsuda Ishikawa"),
    "Vietnamese": ("Thuy Quang Hanh Duc Phuong", "Nguyen Tran Pham Huynh Dinh"),
    "South Asian": ("Venkatesh Sunita Faisal Gurdeep Revathi", "Subramaniam Bhattacharya Qureshi Dhillon Pillai"),
    "Arabic": ("Abdulrahman Hanan Mustafa Samira Walid", "Al-Khatib Barakat Shalabi Najjar El-Sayed"),
    "Persian and Turkish": ("Kamran Nasrin Emre Elif Bahram", "Farrokhzad Yilmaz Demirci Moradi Zamani"),
    "West African": ("Olumide Adaobi Kwabena Efua Mamadou", "Oyelaran Boateng Nwachukwu Sarpong Coulibaly"),
    "East African": ("Abdirahman Hodan Tigist Nyambura Otieno", "Warsame Gebremariam Njoroge Wekesa Abdullahi"),
    "African American": ("Davonte Lakeisha Quintavius Shaniqua Tyrell", "Broadnax Gadsden Pettaway Muldrow Stukes"),
    "Hmong, Khmer, Lao": ("Tou Pahoua Sovann Channary Bounmy", "Moua Cheam Keo Rathavong Herr"),
    "Native American": ("Chaska Winona Ayasha Kiona Tahoma", "Whitehorse Benally Littlefeather Redcloud Tallchief"),
    "Pacific": ("Tevita Kalani Noelani Mele Fetu", "Tuimoala Kekona Palakiko Fifita Taumalolo"),
    "Hebrew": ("Eliezer Rivka Menachem Yocheved Hadassah", "Rabinowitz Shapira Ben-David Lipschitz Katzenelson"),
}


def origins(engine: Engine, share: Callable[[int, int], str]) -> list[str]:
    """Recall per origin as written and in lower case; a name counts as found where a NAME covers at least half of it."""
    found: dict[tuple[str, bool], int] = {}
    per_origin = len(SENTENCES) * 5
    for origin, (given, family) in NAMES.items():
        for first, last in zip(given.split(), family.split(), strict=True):
            for sentence in SENTENCES:
                for is_lower in (False, True):
                    found[origin, is_lower] = found.get((origin, is_lower), 0) + _is_found(engine, sentence, first, last, is_lower)
    rows = [f"{origin} {found[origin, False] / per_origin:.2f} / {found[origin, True] / per_origin:.2f}" for origin in NAMES]
    total = per_origin * len(NAMES)
    written, lower = (sum(count for (_, is_lower), count in found.items() if is_lower == wanted) for wanted in (False, True))
    return [
        f"| names by origin, as written | {share(written, total)} |",
        f"| the same in lower case | {share(lower, total)} |",
        f"| by origin (written / lower case, {per_origin} each) | {'; '.join(rows)} |",
    ]


def _is_found(engine: Engine, sentence: str, given: str, family: str, is_lower: bool) -> bool:
    name = " ".join(part for part, mark in ((given, "{given}"), (family, "{family}")) if mark in sentence)
    text = sentence.format(given=given, family=family)
    text, name = (text.lower(), name.lower()) if is_lower else (text, name)
    start = text.index(name)
    covered = {at for finding in engine.identify(text) if finding.label == "NAME" for at in range(finding.start, finding.end)}
    return 2 * len(covered & set(range(start, start + len(name)))) >= len(name)
