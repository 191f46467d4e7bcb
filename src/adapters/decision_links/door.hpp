#pragma once
// Where links lead: looking changes nothing, however often; pressing answers the case as every other channel
// does, in the name of the link's holder.

#include <functional>

#include "adapters/decision_links/links.hpp"
#include "adapters/decision_links/page.hpp"
#include "decide/answering.hpp"
#include "decide/catalogue.hpp"
#include "model/danger.hpp"
#include "runtime/http/rate.hpp"
#include "runtime/http/router.hpp"
#include "runtime/log/log.hpp"
#include "store/store.hpp"

namespace garita::decision_links {

/// The channel's name in decisions and the audit trail.
inline constexpr std::string_view channel_name = "mail link";

/// All outlive the door.
struct DoorParts {
    const Links& links;
    store::Store& store;
    decide::Answering& answering;
    const decide::Catalogue& texts;
    std::shared_ptr<const decide::TimeZone> zone;  ///< of pages for nobody in particular
    std::string language;                          ///< likewise
    WideBounds wide;
    std::function<Time()> clock;
    runtime::Log log;
};

class Door {
  public:
    explicit Door(DoorParts parts) : parts_(std::move(parts)) {}
    Door(const Door&) = delete;
    Door& operator=(const Door&) = delete;

    /// GET and POST of /decide/{token}. The door outlives the router.
    void add_to(runtime::http::Router& router);

  private:
    struct Seen {
        Case about;
        Progress progress;
    };
    [[nodiscard]] runtime::http::Response look(const runtime::http::Request& request);
    [[nodiscard]] runtime::http::Response press(const runtime::http::Request& request);
    /// The link, or the page that there is instead.
    [[nodiscard]] tl::expected<Links::Link, runtime::http::Response> link_of(
        const runtime::http::Request& request);
    [[nodiscard]] Result<std::optional<Seen>> read_case(CaseId id);
    [[nodiscard]] decide::Reader reader_of(const Holder& holder) const;
    [[nodiscard]] std::vector<Response> answers_of(const Case& about, const Person& person) const;
    /// As it is now, with what has just come of it.
    [[nodiscard]] runtime::http::Response show(const Links::Link& link, int status, std::string notice);
    [[nodiscard]] runtime::http::Response ask_code(const Links::Link& link, Response response,
                                                   const std::string& comment, int status,
                                                   std::string notice);

    DoorParts parts_;
    runtime::http::RateLimit guesses_{20};
};

}  // namespace garita::decision_links
