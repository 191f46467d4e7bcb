#pragma once
// Takes letters out of a mailbox, one after the other, and none twice. Whatever one letter is or does, the
// others are read.

#include <map>
#include <set>
#include <string>
#include <vector>

#include "access/letter_desk.hpp"
#include "access/mailbox.hpp"
#include "model/worker.hpp"

namespace garita::access {

struct ReceptionSettings {
    std::string mailbox;                          ///< its name in the store, the same for ever
    std::size_t longest = std::size_t{1} << 20U;  ///< bytes of a letter
    Duration every = std::chrono::seconds{60};    ///< looks at least so often, told of news or not
};

/// A worker whose step waits for letters, up to `every`: stop() ends that.
class Reception final : public Worker {
  public:
    Reception(Mailbox& mailbox, store::Store& store, store::AccessBook& book, LetterDesk& desk,
              ReceptionSettings settings)
        : mailbox_(mailbox), store_(store), book_(book), desk_(desk), settings_(std::move(settings)) {}

    [[nodiscard]] std::string_view name() const override { return "access mailbox"; }
    Result<Duration> step(Time now) override;
    /// Any thread.
    void stop() { mailbox_.stop(); }

  private:
    /// A letter that has to stay for now.
    struct Postponed {
        Time first_seen{};
        Time next_try{};
        int fetches_failed = 0;
    };
    enum class Outcome {
        finished,
        stays,
        postponed,  ///< it was not looked at
    };
    [[nodiscard]] Result<std::size_t> take_all(const std::vector<Waiting>& waiting, Time now);
    [[nodiscard]] Result<Outcome> take(const Waiting& letter, Time now);
    [[nodiscard]] Result<Outcome> not_fetched(const Waiting& letter, const Error& error, Time now);
    [[nodiscard]] Result<Outcome> read_fetched(const Waiting& letter, std::string_view raw, Time now);
    /// Those whose effects are stored: only the mailbox does not know yet.
    [[nodiscard]] Result<std::set<std::string>> taken_before(const std::vector<Waiting>& waiting);
    [[nodiscard]] Result<void> finish(const std::vector<std::string>& uids);
    /// Notes in the store that this letter is being read: if it ends the program, it is known on return.
    /// Returns how often it was begun and not ended.
    [[nodiscard]] Result<int> begin_reading(const std::string& key);
    [[nodiscard]] Result<void> end_reading();
    [[nodiscard]] std::string key_of(const Waiting& letter) const;
    void postpone(const std::string& uid, Time now);

    Mailbox& mailbox_;
    store::Store& store_;
    store::AccessBook& book_;
    LetterDesk& desk_;
    ReceptionSettings settings_;
    std::map<std::string, Postponed> postponed_;  ///< by uid; those that are listed only
};

}  // namespace garita::access
