#pragma once
// What is kept about access for new devices, in the memory store beside all else.

#include "fakes/memory_transaction.hpp"
#include "store/access_book.hpp"

namespace garita::fakes {

class MemoryAccessBook final : public store::AccessBook {
  public:
    std::vector<AccessRequest> requests(store::View& view, const store::AccessQuery& query) override;
    std::vector<AccessRequest> open_requests(store::View& view) override;
    std::size_t open_count(store::View& view) override;
    std::optional<AccessRequest> find(store::View& view, AccessId id) override;
    std::optional<AccessRequest> open_request(store::View& view, const MacAddress& mac) override;
    std::vector<AccessLine> log(store::View& view, AccessId id, std::int64_t after,
                                std::size_t limit) override;
    std::vector<AccessSurvey> surveys(store::View& view, AccessId id) override;
    std::vector<AccessSurvey> due_surveys(store::View& view, std::string_view switch_name, Time now,
                                          std::size_t limit) override;

    AccessId insert(store::Transaction& transaction, const AccessRequest& request) override;
    [[nodiscard]] bool update(store::Transaction& transaction, const AccessRequest& changed) override;
    void add_line(store::Transaction& transaction, const AccessLine& line) override;
    void put_survey(store::Transaction& transaction, const AccessSurvey& survey) override;

    [[nodiscard]] bool use_up(store::Transaction& transaction, std::string_view scope, std::string_view what,
                              Time now) override;
    bool is_used_up(store::View& view, std::string_view scope, std::string_view what) override;

    std::vector<AccessRequest> unarchived(store::View& view, std::size_t limit) override;
    void set_archived(store::Transaction& transaction, const AccessRequest& request,
                      std::int64_t last_line) override;

    std::size_t prune(store::Transaction& transaction, Time before, Time used_before,
                      std::size_t limit) override;
};

}  // namespace garita::fakes
