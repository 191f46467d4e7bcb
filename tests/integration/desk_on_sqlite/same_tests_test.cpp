// What holds on the store in memory must hold on the real one: the same tests, once more.

#include "scenario/contest_test.cpp"
#include "scenario/flow_test.cpp"
#include "scenario/power_cut_test.cpp"
#include "unit/decide/after_the_decision_test.cpp"
#include "unit/decide/agreement_test.cpp"
#include "unit/decide/answer_test.cpp"
#include "unit/decide/confirmation_test.cpp"
#include "unit/decide/filing_test.cpp"
#include "unit/decide/live_login_test.cpp"
#include "unit/decide/rule_desk_test.cpp"
#include "unit/decide/runaway_test.cpp"
#include "unit/decide/step_up_test.cpp"
