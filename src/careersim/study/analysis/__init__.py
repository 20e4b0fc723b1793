"""Analysis of a study, as pandas frames: differences, precision, sensitivity, robustness, costs, doses and phases.

>>> from careersim.study.analysis.example import example_study
>>> study = example_study()          # a real one: open_study("results/my-study")
>>> share_of_worlds(study, ["account.b"]).columns.tolist()
['measure', 'a', 'b', 'share', 'low', 'high', 'worlds', 'a_for_sure', 'b_for_sure']
"""

from careersim.study.analysis.costs import undominated_set
from careersim.study.analysis.dose import dose_response
from careersim.study.analysis.frames import AnalysisError, StudyTable, open_study
from careersim.study.analysis.paired import enough_replicates, many_tests, paired_differences, replicates_needed
from careersim.study.analysis.phase import phase_diagram
from careersim.study.analysis.quantities import HEADLINE, QUANTITIES, SERVES_RESIDENTS, quantity
from careersim.study.analysis.robustness import ranking_flip, ranking_flips, share_of_worlds
from careersim.study.analysis.sensitivity import sensitivity_indices

__all__ = [
    "HEADLINE",
    "QUANTITIES",
    "SERVES_RESIDENTS",
    "AnalysisError",
    "StudyTable",
    "dose_response",
    "enough_replicates",
    "many_tests",
    "open_study",
    "paired_differences",
    "phase_diagram",
    "quantity",
    "ranking_flip",
    "ranking_flips",
    "replicates_needed",
    "sensitivity_indices",
    "share_of_worlds",
    "undominated_set",
]
