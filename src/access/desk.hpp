#pragma once
// Where requests for access are made, confirmed and ended, whoever asks and by whichever way. Each call is
// one transaction, or a part of the caller's: the request, its log, the audit row and the letters to people,
// or nothing of it. Each may be repeated.

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/confirmation_codes.hpp"
#include "access/correspondence.hpp"
#include "access/mac_grammar.hpp"
#include "access/request_closer.hpp"
#include "access/working_hours.hpp"
#include "model/person.hpp"
#include "store/access_book.hpp"

namespace garita::access {

enum class DryRun { no, yes };

struct DeskSettings {
    std::vector<std::string> switches;  ///< all of the inventory, by name: who is asked after an approval
    WorkingHours hours;
    Duration deadline = std::chrono::hours{9};  ///< of working time, for the device to appear
    Duration code_life = std::chrono::hours{1};
    DryRun dry_run = DryRun::no;        ///< all requests
    std::size_t most_open = 1000;       ///< requests; one more is refused
    std::size_t most_unconfirmed = 50;  ///< of one person
};

/// What the person is told: texts of the catalogue, as QueuedLetter::words has them, but all of them whole
/// texts ("access.answer.accepted access.warn.randomised").
struct Answer {
    enum class Kind { done, refused, not_found, forbidden } kind = Kind::done;
    std::string words;
    Facts facts;
    std::optional<AccessId> request{};
};

/// Who asks, and what came with it.
struct Petition {
    Actor actor;             ///< with the role: rights are looked up here (model/rights.hpp)
    std::string mail{};      ///< address for letters to this person; empty: none
    std::string language{};  ///< empty: as the people's list says, or the hub's
    std::string proof{};     ///< "dkim", "smime"; empty: the channel itself
    std::string letter{};    ///< Message-ID that is answered; empty: none
    std::string quoted{};    ///< for the request's log: the letter's text; empty: none
    DryRun dry_run = DryRun::no;
};

/// Refusals are answers; errors are the store's. Who asked by mail (actor.channel "mail") is answered by
/// letter, all others by the Answer alone; what becomes of requests is mailed in any case.
class AccessDesk {
  public:
    AccessDesk(store::Store& store, store::AccessBook& book, const Correspondence& letters,
               ConfirmationCodes& codes, DeskSettings settings)
        : store_(store),
          book_(book),
          letters_(letters),
          codes_(codes),
          closer_(book, letters),
          settings_(std::move(settings)) {}

    /// A device is approved: the one MAC address that the text names. Confirm::by_code: only once the code
    /// that is mailed to `petition.mail` comes back. An open request for the same address is joined.
    enum class Confirm { no, by_code };
    [[nodiscard]] Result<Answer> approve(const Petition& petition, std::string_view text, Confirm confirm,
                                         Time now);
    [[nodiscard]] Result<Answer> approve(store::Transaction& transaction, const Petition& petition,
                                         std::string_view text, Confirm confirm, Time now);

    /// Whether a code that was mailed to `petition.mail` may still come back.
    [[nodiscard]] bool awaits_code(store::View& view, const Petition& petition) const;
    /// The text carries a code that was mailed to `petition.mail`.
    [[nodiscard]] Result<Answer> confirm(store::Transaction& transaction, const Petition& petition,
                                         std::string_view text, Time now);

    /// Ends an open request; one whose port is being changed right now is taken back first.
    [[nodiscard]] Result<Answer> kill(const Petition& petition, AccessId request, Time now);
    [[nodiscard]] Result<Answer> kill(store::Transaction& transaction, const Petition& petition,
                                      AccessId request, Time now);

    /// All open requests with their logs, by mail to `petition.mail`.
    [[nodiscard]] Result<Answer> report(const Petition& petition, Time now);
    [[nodiscard]] Result<Answer> report(store::Transaction& transaction, const Petition& petition, Time now);

    /// Says no, for a reason that the asker found (words as in Answer): recorded, and answered as any other.
    [[nodiscard]] Answer refuse(store::Transaction& transaction, const Petition& petition, Answer answer,
                                Time now) const;

  private:
    using Part = std::function<Result<Answer>(store::Transaction&)>;
    [[nodiscard]] Result<Answer> in_one(const Part& part);
    [[nodiscard]] std::optional<Answer> no_room(store::View& view, const Petition& petition,
                                                Confirm confirm) const;
    [[nodiscard]] Result<Answer> begin(store::Transaction& transaction, const Petition& petition,
                                       const ApprovedMac& mac, Confirm confirm, Time now);
    [[nodiscard]] Result<Answer> join(store::Transaction& transaction, const Petition& petition,
                                      AccessRequest open, Confirm confirm, Time now);
    [[nodiscard]] Result<Answer> want_code(store::Transaction& transaction, const Petition& petition,
                                           AccessRequest request, Time now);
    [[nodiscard]] Result<Answer> accept(store::Transaction& transaction, const Petition& petition,
                                        AccessRequest request, Time now);
    [[nodiscard]] Result<Answer> wrong_code(store::Transaction& transaction, const Petition& petition,
                                            AccessRequest request, Time now);
    [[nodiscard]] Result<Answer> kill_working(store::Transaction& transaction, const Petition& petition,
                                              AccessRequest request, Time now);
    [[nodiscard]] Result<Time> deadline_from(Time now) const;
    void log(store::Transaction& transaction, AccessId request, AccessLine::Kind kind, std::string text,
             Time now) const;
    void record(store::Transaction& transaction, const Petition& petition, std::string_view verb,
                const AccessRequest& request, std::string detail, Time now) const;
    void answer_letter(store::Transaction& transaction, const Petition& petition, std::string_view about,
                       const LetterText& text, Time now) const;

    store::Store& store_;
    store::AccessBook& book_;
    const Correspondence& letters_;
    ConfirmationCodes& codes_;
    RequestCloser closer_;
    DeskSettings settings_;
};

}  // namespace garita::access
