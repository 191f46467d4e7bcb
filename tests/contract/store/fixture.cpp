#include <filesystem>

#include "contract/store_contract.hpp"

namespace garita::store::contract {

std::ostream& operator<<(std::ostream& out, const StoreKind& kind) {
    return out << kind.name;
}

StoreContract::StoreContract() {
    auto pattern = (std::filesystem::temp_directory_path() / "garita-store-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary directory");
    directory_ = pattern;
    store_ = GetParam().open(directory_);
}

StoreContract::~StoreContract() {
    store_.reset();
    std::filesystem::remove_all(directory_);
}

void StoreContract::reopen() {
    store_.reset();
    store_ = GetParam().open(directory_);
}

void StoreContract::write(const std::function<void(Transaction&)>& work) {
    const auto done = store().write([&](Transaction& tx) -> Result<void> {
        work(tx);
        return {};
    });
    ASSERT_TRUE(done) << done.error().text;
}

void StoreContract::read(const std::function<void(View&)>& work) {
    const auto done = store().read([&](View& view) -> Result<void> {
        work(view);
        return {};
    });
    ASSERT_TRUE(done) << done.error().text;
}

CaseId StoreContract::add_case(const Case& new_case) {
    CaseId id;
    write([&](Transaction& tx) { id = tx.insert_case(new_case); });
    return id;
}

Case StoreContract::must_find(CaseId id) {
    std::optional<Case> found;
    read([&](View& view) { found = view.find_case(id); });
    EXPECT_TRUE(found) << "case " << id.value;
    return found.value_or(Case{});
}

Time at(int seconds) {
    return from_micros(1'795'327'705'123'456) + std::chrono::seconds{seconds};
}

Alert some_alert(int n) {
    Alert alert;
    alert.uid = "uid-" + std::to_string(n);
    alert.device = "web1";
    alert.kind = "http_errors";
    alert.subject = "192.0.2." + std::to_string(n);
    alert.severity = Severity::critical;
    alert.at = at(n);
    alert.address = IpNetwork::parse(alert.subject);
    alert.facts = {{"count", std::to_string(n)}, {"note", "línea \"1\"\n\t\\"}};
    return alert;
}

Case some_case(int n) {
    Case made;
    made.kind = "ssh_login";
    made.device = "db1";
    made.subject = "2001:db8::" + std::to_string(n);
    made.state = CaseState::open;
    made.severity = Severity::critical;
    made.opened_at = at(n);
    made.updated_at = at(n + 1);
    made.last_alert_at = at(n + 2);
    made.alert_count = n;
    made.address = IpNetwork::parse(made.subject);
    made.facts = {{"user", "root"}};
    made.responses = {Response::allow, Response::close_connection, Response::block};
    made.expires_at = at(1000 + n);
    made.on_silence = Response::block;
    made.on_silence_lasts = std::chrono::hours{24};
    return made;
}

Decision some_decision(CaseId id, Response response) {
    Decision decision;
    decision.case_id = id;
    decision.response = response;
    decision.by = {Actor::Kind::person, "ana", "telegram", Role::approver};
    decision.at = at(50);
    decision.lasts = std::chrono::hours{12};
    decision.comment = "scanner";
    return decision;
}

RuleChange block(const std::string& device, const std::string& address) {
    RuleChange change;
    change.device = device;
    change.name = std::string(block_rule);
    change.params = address;
    change.desired = std::string(block_value);
    change.author = "ana (telegram)";
    change.comment = "because";
    return change;
}

RuleChange unblock(const std::string& device, const std::string& address) {
    auto change = block(device, address);
    change.desired.reset();
    return change;
}

Action some_action(CaseId id, const std::string& device) {
    Action action;
    action.decision_id = DecisionId{7};
    action.case_id = id;
    action.device = device;
    action.order = CloseSession{4711, 98765, *IpAddress::parse("2001:db8::1"), 50122, 22};
    action.created_at = at(60);
    action.expires_at = at(360);
    return action;
}

Message some_message(CaseId id, const std::string& place) {
    Message message;
    message.case_id = id;
    message.channel = "telegram";
    message.place = place;
    message.sending_since = at(70);
    return message;
}

}  // namespace garita::store::contract
