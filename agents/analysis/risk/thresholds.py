"""Every threshold of the risk rules, with the reason for it. Chosen for precision: a warning nobody needs costs trust.

Days are calendar days.
"""

from typing import Final

# A deal whose close date passed half a year ago is forgotten, not at risk; only the close date rule speaks of it.
DEAD_AFTER_DAYS: Final = 180
# What must happen within a month cannot wait for the next visit.
SOON_DAYS: Final = 30

# Freight and signing make a week's difference meaningless; a month breaks a customer's schedule.
DELIVERY_SLACK_DAYS: Final = 7
DELIVERY_GRAVE_DAYS: Final = 30

# A renewal takes about a quarter with legal review; in the last month orders stop unless it is signed.
CONTRACT_NOTICE_DAYS: Final = 90
CONTRACT_URGENT_DAYS: Final = 30
# A contract that ended over a year ago was not renewed on purpose.
CONTRACT_FORGOTTEN_DAYS: Final = 365

# Four weeks cover a holiday and a business trip; people who write monthly are not quiet after five weeks; and on a live
# deal nobody's rhythm excuses ten weeks.
CHAMPION_FLOOR_DAYS: Final = 28
CHAMPION_RHYTHM_FACTOR: Final = 2.0
CHAMPION_CEILING_DAYS: Final = 70
CHAMPION_GRAVE_DAYS: Final = 60
# Fewer sightings make no rhythm; without a rhythm of their own, six weeks are quiet for anybody.
CHAMPION_SIGHTINGS: Final = 3
CHAMPION_UNKNOWN_RHYTHM_DAYS: Final = 42
CHAMPION_LEFT_DAYS: Final = 365
# Where nobody clearly champions us, the person with the most exchanges carries the deal; a third more than anybody else
# and eight in all, so that it is no accident.
MAIN_CONTACT_EXCHANGES: Final = 8
MAIN_CONTACT_LEAD: Final = 1.3

# Four in five of at least four sightings in half a year: the rest is courtesy, or one large meeting.
THREAD_WINDOW_DAYS: Final = 180
THREAD_SIGHTINGS: Final = 4
THREAD_SHARE: Final = 0.8

# Competitors named before that have usually been decided on, and news of their prices has been priced in.
RIVAL_RECENT_DAYS: Final = 60
# From this relevance on, a note is tied to the account by more than its industry and region.
PRICE_MOVE_RELEVANCE: Final = 0.5

# Deals live from contact: a month without any in negotiation, six weeks at proposal, two months before, is a stall.
SILENCE_DAYS: Final = {"negotiation": 30, "proposal": 42, "needs_analysis": 60}
SILENCE_GRAVE_DAYS: Final = 90

# Neighbouring stages are a matter of opinion, hence two apart; and only when the buyer's stage is fairly certain.
STAGE_DISTANCE: Final = 2
STAGE_CONFIDENCE: Final = 0.5
STAGE_MASS: Final = 0.6

# A week is how late honest sellers update their CRM.
CLOSE_GRACE_DAYS: Final = 7
CLOSE_GRAVE_DAYS: Final = 30
NEXT_STEP_WITHIN_DAYS: Final = 60
# From this many open deals on, a field that is empty on all of them is not kept by the company: silence, not risk.
FIELD_UNUSED_FROM: Final = 3

# Older objections were settled or lost; two later messages without it mean that it is off the table.
OBJECTION_DAYS: Final = 60
OBJECTION_UNANSWERED_DAYS: Final = 5
OBJECTION_SETTLED_AFTER: Final = 2
OBJECTION_MANY: Final = 3
# Quarrels about money stay until somebody solves them.
PAYMENT_DAYS: Final = 90
# An urgent matter of last month is over; over a weekend nobody answers.
URGENT_DAYS: Final = 21
URGENT_UNANSWERED_DAYS: Final = 3
URGENT_GRAVE_DAYS: Final = 6
# Below this a person's part in the purchase is a guess.
ROLE_PROBABILITY: Final = 0.5

PER_RULE: Final = 3
RISKS_SHOWN: Final = 12
