"""Which intents of the dialogue collections say something about our questions."""

from collections.abc import Mapping

_SOFTWARE = {"technical": "yes", "category": "software"}
_YES = {"technical": "yes"}
_BILLING = {"technical": "no", "category": "billing"}
_OTHER = {"technical": "no", "category": "other"}
_NO = {"technical": "no"}

MULTIDOGO: Mapping[tuple[str, str], Mapping[str, str]] = {
    ("software", "reportbrokensoftware"): _SOFTWARE,
    ("software", "softwareupdate"): _SOFTWARE,
    ("software", "checkserverstatus"): _YES,
    ("software", "expensereport"): _NO,
    ("software", "startorder"): _NO,
    ("software", "outofdomain"): _OTHER,
    ("finance", "disputecharge"): _BILLING,
    ("finance", "transfermoney"): _NO,
    ("finance", "checkbalance"): _NO,
    ("finance", "updateaddress"): _NO,
    ("finance", "closeaccount"): _NO,
    ("finance", "reportlostcard"): _NO,
    ("finance", "replacecard"): _NO,
    ("finance", "outofdomain"): _OTHER,
    ("insurance", "getproofofinsurance"): _OTHER,
    ("insurance", "checkclaimstatus"): _OTHER,
    ("insurance", "outofdomain"): _OTHER,
    ("airline", "bookflight"): _OTHER,
    ("airline", "changeseatassignment"): _OTHER,
    ("airline", "getseatinfo"): _OTHER,
    ("airline", "getboardingpass"): _OTHER,
    ("airline", "outofdomain"): _OTHER,
    ("fastfood", "outofdomain"): _OTHER,
    ("fastfood", "orderpizzaintent"): _OTHER,
    ("media", "viewbillsintent"): _BILLING,
    ("media", "outofdomain"): _OTHER,
    ("media", "startserviceintent"): _NO,
}
"""Domain and intent to labels. Turns that only greet, confirm or give a number say nothing and are left out."""

BILLING_CLINC = frozenset({"pay_bill", "bill_due", "bill_balance", "min_payment", "transactions", "taxes"})
HR_CLINC = frozenset(
    {
        "pto_request",
        "pto_request_status",
        "pto_used",
        "pto_balance",
        "payday",
        "w2",
        "income",
        "direct_deposit",
        "rollover_401k",
    }
)
OTHER_CLINC = frozenset(
    {
        "translate", "definition", "meaning_of_life", "fun_fact", "recipe", "travel_alert", "restaurant_reservation",
        "restaurant_suggestion", "restaurant_reviews", "travel_suggestion", "weather", "nutrition_info", "carry_on",
        "book_flight", "book_hotel", "car_rental", "flight_status", "tell_joke", "calories", "vaccines", "directions",
        "meal_suggestion", "ingredients_list", "lost_luggage", "international_visa", "how_busy", "insurance",
        "exchange_rate", "tire_change", "oil_change_when", "uber",
    }
)  # fmt: skip
UNCLEAR_CLINC = frozenset(
    {
        "oos", "sync_device", "reset_settings", "change_volume", "change_user_name", "user_name", "find_phone",
        "change_language", "change_speed", "change_accent", "change_ai_name", "whisper_mode", "smart_home",
        "account_blocked", "pin_change", "greeting", "goodbye", "thank_you", "yes", "no", "maybe", "repeat", "cancel",
        "freeze_account", "report_fraud", "damaged_card", "play_music", "update_playlist", "are_you_a_bot",
    }
)  # fmt: skip
"""Commands to an assistant and small talk: a desk gets no such mail, or it could be either."""

BILLING_BANKING = frozenset(
    {
        "Refund_not_showing_up", "request_refund", "transaction_charged_twice", "extra_charge_on_statement",
        "card_payment_fee_charged", "transfer_fee_charged", "cash_withdrawal_charge", "exchange_charge",
        "direct_debit_payment_not_recognised", "card_payment_not_recognised", "card_payment_wrong_exchange_rate",
        "top_up_by_card_charge", "top_up_by_bank_transfer_charge", "pending_card_payment", "reverted_card_payment?",
    }
)  # fmt: skip
UNCLEAR_BANKING = frozenset(
    {
        "contactless_not_working", "card_not_working", "virtual_card_not_working", "passcode_forgotten", "pin_blocked",
        "top_up_failed", "unable_to_verify_identity", "apple_pay_or_google_pay", "change_pin", "card_linking",
        "activate_my_card", "edit_personal_details", "lost_or_stolen_phone", "automatic_top_up",
    }
)  # fmt: skip
"""Something does not work, or a setting is asked for: the label would be a guess."""
