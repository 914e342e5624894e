"""Names of many origins for training: locale tables of Faker (MIT), and romanised names that it writes in other scripts."""

from __future__ import annotations

import random

from faker import Faker

LOCALES = "en_US en_GB en_IN en_NZ es_MX es_CO fr_FR de_DE it_IT pt_BR nl_NL pl_PL tr_TR vi_VN id_ID fil_PH cs_CZ hu_HU ro_RO sv_SE fi_FI no_NO da_DK hr_HR sk_SK sl_SI et_EE lt_LT lv_LV yo_NG zu_ZA tw_GH ga_IE sq_AL az_AZ".split()

# Romanised, common, and nobody in particular: facts about how people are called.
OTHERS = {
    "chinese": (
        "Wei Ming Xiaoli Jing Yan Hui Lei Fang Jun Na Tao Ling Bo Xin Yuting Haoran Mei Zhen Qiang Lan",
        "Wang Li Zhang Liu Chen Yang Zhao Huang Zhou Wu Xu Sun Hu Zhu Gao Lin He Guo Luo Zheng",
    ),
    "korean": ("Minjun Seoyeon Jiwoo Hyun Eunji Sungho Jisoo Yuna Dong-hyun Ha-eun Kyung Soo-jin Taeyang Mirae", "Kim Lee Park Choi Jung Kang Cho Yoon Jang Lim Han Oh Seo Shin Kwon"),
    "japanese": (
        "Haruto Yui Sakura Ren Aoi Kenji Hana Takeshi Yuki Emi Naoko Daichi Mei Sora Akira Chiyo",
        "Sato Suzuki Takahashi Tanaka Watanabe Ito Yamamoto Nakamura Kobayashi Kato Yoshida Yamada Sasaki",
    ),
    "arabic": (
        "Fatima Omar Layla Ahmed Yusuf Aisha Khalid Noor Hassan Zainab Tariq Mariam Salma Ibrahim Hadi Rania",
        "Al-Masri Haddad Khoury Nasser Hamdan Saleh Aziz Farah Mansour Qasim El-Amin Shaheen Darwish",
    ),
    "persian": ("Dariush Shirin Farhad Laleh Kourosh Parisa Behnam Golnaz Navid Mahsa", "Hosseini Ahmadi Karimi Rahimi Tehrani Mohammadi Jafari Shirazi"),
    "southasian": (
        "Priya Arjun Ananya Rohan Lakshmi Sanjay Deepa Vikram Meera Imran Sadia Bilal Nadia Harpreet Gurpreet Kavita",
        "Patel Sharma Singh Reddy Iyer Khan Gupta Nair Chowdhury Malik Siddiqui Kaur Desai Mukherjee Rao",
    ),
    "african": (
        "Kwame Ama Chidi Ngozi Amina Oluwaseun Thandiwe Sipho Abena Kofi Zola Tendai Makena Wanjiru Desta Selam Amadou Fatou",
        "Okafor Mensah Diallo Mwangi Dlamini Adeyemi Tesfaye Abebe Nkosi Osei Kamau Banda Eze Traore",
    ),
    "african_american": (
        "DeShawn Keisha Tyrone LaToya Jamal Aaliyah Marquis Shanice Darnell Ebony Tremaine Imani Terrell Latasha Kiara",
        "Washington Jefferson Banks Booker Gaines Mosley Charles Dorsey Rivers Battle",
    ),
    "hmong_khmer_lao": ("Pao Mai Chue Sophea Dara Bopha Kham Noy Xeng Sokha Vanna", "Vang Xiong Yang Thao Lor Chhay Prak Sok Phommachanh Sayavong"),
    "native_pacific": ("Kai Leilani Keoni Malia Tane Sione Lupe Dakota Nizhoni Shiye Kaya Ahote", "Kealoha Kahananui Tupou Begay Yazzie Tsosie Blackwater Manuelito Fonoti"),
    "hebrew_russian": ("Avi Tamar Shira Moshe Olga Dmitri Svetlana Sergei Anastasia Igor Yael Noam Ludmila", "Cohen Levi Mizrahi Ivanov Petrova Sokolov Kuznetsova Goldberg Friedman Volkov"),
}


class Names:
    """Draws names; the same seed gives the same names. `given`, `family`, `full` (with particles, hyphens, initials at times)."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.fakers = []
        for number, locale in enumerate(LOCALES):
            try:
                faker = Faker(locale)
            except AttributeError:
                continue
            faker.seed_instance(seed + number)
            self.fakers.append(faker)

    def given(self) -> str:
        return self._draw()[0]

    def family(self) -> str:
        return self._draw()[1]

    def full(self) -> str:
        given, family = self._draw()
        chance = self.random.random()
        if chance < 0.06:
            return f"{given} {self.random.choice('ABCDEFGHJKLMPRSTW')}. {family}"
        if chance < 0.11:
            return f"{given} {self.random.choice(('van', 'de la', 'von', 'de', 'van der', 'bin', 'Mc', 'St.'))} {family}"
        if chance < 0.15:
            return f"{given} {family}-{self._draw()[1]}"
        if chance < 0.18:
            return f"{given} {self._draw()[0]} {family}"
        return f"{given} {family}"

    def _draw(self) -> tuple[str, str]:
        if self.random.random() < 0.4:
            given, family = OTHERS[self.random.choice(sorted(OTHERS))]
            return self.random.choice(given.split()), self.random.choice(family.split())
        faker = self.random.choice(self.fakers)
        return faker.first_name().split()[0], faker.last_name().split()[-1]
