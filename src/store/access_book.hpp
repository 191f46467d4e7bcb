#pragma once
// What is kept about access for new devices: requests with their logs, what switches said, letters that were
// read. In the same transactions as audit rows and letters to people, so that nobody is told what is not so.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/access_request.hpp"
#include "store/store.hpp"

namespace garita::store {

struct AccessQuery {
    std::vector<AccessState> states{};  ///< empty: any
    std::optional<MacAddress> mac{};
    std::string switch_name{};         ///< empty: any
    std::optional<AccessId> before{};  ///< only smaller ids, for paging
    std::size_t limit = 100;
};

/// Whether switches are asked, and cleared, for a request in this state: not before somebody is known to have
/// approved it, and not after it came to nothing.
[[nodiscard]] bool wants_surveys(AccessState state);

/// Beside one store: the View or Transaction has to be that store's own. tests/contract/store.
class AccessBook {
  public:
    AccessBook() = default;
    AccessBook(const AccessBook&) = delete;
    AccessBook& operator=(const AccessBook&) = delete;
    virtual ~AccessBook() = default;

    virtual std::vector<AccessRequest> requests(View& view, const AccessQuery& query) = 0;  ///< newest first
    /// All open ones, oldest first.
    virtual std::vector<AccessRequest> open_requests(View& view) = 0;
    virtual std::size_t open_count(View& view) = 0;
    virtual std::optional<AccessRequest> find(View& view, AccessId id) = 0;
    virtual std::optional<AccessRequest> open_request(View& view, const MacAddress& mac) = 0;
    /// Of one request, oldest first, ids greater than `after`.
    virtual std::vector<AccessLine> log(View& view, AccessId id, std::int64_t after, std::size_t limit) = 0;
    virtual std::vector<AccessSurvey> surveys(View& view, AccessId id) = 0;  ///< by switch
    /// Of requests that want surveys: not asked or not cleared yet, and next_try is not in the future, by
    /// request.
    virtual std::vector<AccessSurvey> due_surveys(View& view, std::string_view switch_name, Time now,
                                                  std::size_t limit) = 0;

    /// With version 1; a second open request for a MAC address is a programmer error. Rings Topic::access.
    virtual AccessId insert(Transaction& transaction, const AccessRequest& request) = 0;
    /// Writes everything but id, mac and created_at if the stored version is still `changed.version`, and
    /// adds 1 to it. Returns whether it was. Rings Topic::access.
    [[nodiscard]] virtual bool update(Transaction& transaction, const AccessRequest& changed) = 0;
    /// `line.id` is given by the book. A request that is not there is a programmer error, here and below.
    virtual void add_line(Transaction& transaction, const AccessLine& line) = 0;
    virtual void put_survey(Transaction& transaction,
                            const AccessSurvey& survey) = 0;  ///< by (request, switch)

    /// Remembers that something is used up: a letter's uid, a proof's `once`. False: it was already.
    [[nodiscard]] virtual bool use_up(Transaction& transaction, std::string_view scope, std::string_view what,
                                      Time now) = 0;
    virtual bool is_used_up(View& view, std::string_view scope, std::string_view what) = 0;

    /// Requests that have ended and whose record is not in the archive as it is now: it has none, or the row
    /// or its log was changed since. The first to end first.
    virtual std::vector<AccessRequest> unarchived(View& view, std::size_t limit) = 0;
    /// The record is in the archive as of this version and this last line (0: it has none). Does nothing if
    /// there is more by now.
    virtual void set_archived(Transaction& transaction, const AccessRequest& request,
                              std::int64_t last_line) = 0;

    /// Forgets requests that ended before `before` with all that belongs to them, and what was used up before
    /// `used_before`, at most `limit` rows a call; returns how many.
    virtual std::size_t prune(Transaction& transaction, Time before, Time used_before, std::size_t limit) = 0;
};

}  // namespace garita::store
