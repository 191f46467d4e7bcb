#pragma once
// Requests for access as the tests of their book make them.

#include "contract/store_contract.hpp"

namespace garita::store::contract {
inline MacAddress mac(int n) {
    return MacAddress{{0x00, 0x11, 0x22, 0x33, 0x44, static_cast<std::uint8_t>(n)}};
}

/// Every member set.
inline AccessRequest full_request(int n) {
    AccessRequest request;
    request.mac = mac(n);
    request.state = AccessState::working;
    request.approver = "ana";
    request.channel = "mail";
    request.proof = "dkim+code";
    request.reply_to = "ana@example.org";
    request.letter = "1.2.3@mx.example.org";
    request.dry_run = true;
    request.created_at = at(1);
    request.deadline = at(2);
    request.ended_at = at(3);
    request.code_digest = "salt:digest";
    request.code_expires = at(4);
    request.code_wrong = 2;
    request.switch_name = "sw1";
    request.port = "Gi1/0/1";
    request.seen_at = at(5);
    request.next_try = at(6);
    request.tries = 7;
    request.journal = "line one\nlínea \"dos\"\n";
    request.killed_by = "ana (cli)";
    request.outcome = "access.why.trunk";
    request.facts = {{"port", "Gi1/0/1"}, {"note", "línea \"1\"\n\t\\"}};
    return request;
}

inline AccessRequest plain_request(int n, AccessState state = AccessState::waiting) {
    AccessRequest request;
    request.mac = mac(n);
    request.state = state;
    request.approver = "ana";
    request.channel = "cli";
    request.created_at = at(n);
    request.deadline = at(1000 + n);
    return request;
}

inline AccessSurvey survey_of(AccessId id, const std::string& switch_name) {
    AccessSurvey survey;
    survey.request = id;
    survey.switch_name = switch_name;
    return survey;
}

class StoreAccess : public StoreContract {
  protected:
    AccessId add(const AccessRequest& request) {
        AccessId id;
        write([&](Transaction& tx) { id = book->insert(tx, request); });
        return id;
    }
    AccessRequest found(AccessId id) {
        std::optional<AccessRequest> request;
        read([&](View& view) { request = book->find(view, id); });
        EXPECT_TRUE(request) << id.value;
        return request.value_or(AccessRequest{});
    }
    void set_state(AccessId id, AccessState state) {
        auto changed = found(id);
        changed.state = state;
        write([&](Transaction& tx) { EXPECT_TRUE(book->update(tx, changed)); });
    }
    std::vector<std::int64_t> ids(const AccessQuery& query) {
        std::vector<std::int64_t> all;
        read([&](View& view) {
            for (const auto& one : book->requests(view, query))
                all.push_back(one.id.value);
        });
        return all;
    }
    std::vector<std::int64_t> due(const std::string& switch_name, int now, std::size_t limit = 9) {
        std::vector<std::int64_t> all;
        read([&](View& view) {
            for (const auto& one : book->due_surveys(view, switch_name, at(now), limit))
                all.push_back(one.request.value);
        });
        return all;
    }
    std::unique_ptr<AccessBook> book = GetParam().access_book();
};

}  // namespace garita::store::contract
