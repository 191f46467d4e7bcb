#pragma once
// Links in letters by which their recipient answers a case. A link is a capability for one question: it names
// the case, the decision that was the last when it was written (none: the case was open), its end, and whose
// it is, under a keyed hash. So whatever decides the case spends all links to that question in the same
// moment, and nothing about links is stored.

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "decide/time_zone.hpp"
#include "model/case.hpp"
#include "model/person.hpp"
#include "runtime/secret/secret.hpp"

namespace garita::decision_links {

/// Who may get links: somebody with a role whose mailbox is known.
struct Holder {
    std::string address;
    Person person;
    std::string language = "en";
    std::shared_ptr<const decide::TimeZone> zone;
};

struct LinkSettings {
    std::string url;  ///< under which the hub is reached: "https://garita.example.org", no slash at its end
    Duration valid = std::chrono::hours{24};
    std::vector<Holder> holders;
};

class Links {
  public:
    /// `key`: any bytes; who has them can answer as any holder.
    Links(runtime::Secret key, LinkSettings settings);

    struct Written {
        std::string url;
        Time until{};  ///< of the link or of the case, whatever ends first
    };
    /// For the holder of this address; nothing: he is none, or the case waits for no answer.
    [[nodiscard]] std::optional<Written> write(const Case& about, std::string_view address, Time now) const;

    struct Link {
        CaseId about;
        std::int64_t decision = 0;  ///< the case's last one when the link was written; 0: none
        Time until{};
        const Holder* holder = nullptr;  ///< as configured now; never null, lives as long as the links
    };
    /// Nothing: it is not one of ours, or not of anybody who is a holder now. The text is foreign.
    [[nodiscard]] std::optional<Link> read(std::string_view token) const;

    /// What browsers call the place that the links lead to: "https://garita.example.org".
    [[nodiscard]] const std::string& origin() const { return origin_; }

  private:
    [[nodiscard]] std::string mark_of(std::string_view claims, const Holder& holder) const;

    runtime::Secret key_;
    LinkSettings settings_;
    std::string origin_;
};

/// Whether the link's question is still the case's.
[[nodiscard]] bool is_fresh(const Links::Link& link, const Case& about);

/// Until when it can be answered by a link that is good until then.
[[nodiscard]] Time end_of(Time until, const Case& about);

/// Scheme, name and port of a URL as browsers write them in Origin; empty: it is none.
[[nodiscard]] std::string origin_of(std::string_view url);

}  // namespace garita::decision_links
