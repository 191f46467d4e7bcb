#pragma once
// The desk: where answers come in. Its workers file alerts, apply what silence means, and see effects
// through.

#include "decide/answering.hpp"
#include "decide/desk_options.hpp"
#include "store/store.hpp"

namespace garita::decide {

class Desk final : public Answering {
  public:
    /// Store and options outlive it.
    Desk(store::Store& store, const DeskOptions& options) : store_(store), options_(options) {}

    /// Any thread. Of any number of answers to a case at the same time exactly one becomes the decision.
    /// Errors beside those of Answering: unavailable (no device could carry it out), and the store's own.
    tl::expected<AnswerOutcome, Refusal> answer_or_refuse(const AnswerRequest& request, Time now) override;

  private:
    store::Store& store_;
    const DeskOptions& options_;
};

}  // namespace garita::decide
