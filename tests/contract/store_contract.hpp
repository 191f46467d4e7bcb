#pragma once
// What every hub's store must do (tests/contract/store). Each store is one row of all_stores(); every test
// gets a fresh, empty one.

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "store/access_book.hpp"
#include "store/device_rules.hpp"
#include "store/letter_book.hpp"
#include "store/port_book.hpp"
#include "store/store.hpp"

namespace garita::store::contract {

/// How to make one kind of store.
struct StoreKind {
    std::string name;
    /// Opens the store in this directory; the same directory again: the same content (if `durable`).
    std::function<std::unique_ptr<Store>(const std::string& directory)> open;
    bool durable = true;
    /// The rules of configured classes that are kept in it.
    std::function<std::unique_ptr<DeviceRules>(Store&)> device_rules;
    std::function<std::unique_ptr<PortBook>()> port_book;
    std::function<std::unique_ptr<AccessBook>()> access_book;
    std::function<std::unique_ptr<LetterBook>()> letter_book;
};

/// The stores that must pass: each file of the suite is instantiated over them.
[[nodiscard]] std::vector<StoreKind> all_stores();
[[nodiscard]] std::string kind_name(const testing::TestParamInfo<StoreKind>& test);

std::ostream& operator<<(std::ostream& out, const StoreKind& kind);

class StoreContract : public testing::TestWithParam<StoreKind> {
  protected:
    StoreContract();
    ~StoreContract() override;

    Store& store() { return *store_; }
    void reopen();

    /// Runs it and expects success.
    void write(const std::function<void(Transaction&)>& work);
    void read(const std::function<void(View&)>& work);

    CaseId add_case(const Case& new_case);
    Case must_find(CaseId id);

    std::string directory_;
    std::unique_ptr<Store> store_;
};

/// Values with every member set; `n` makes them different.
[[nodiscard]] Time at(int seconds);
[[nodiscard]] Alert some_alert(int n);
[[nodiscard]] Case some_case(int n);
[[nodiscard]] Decision some_decision(CaseId id, Response response);
[[nodiscard]] RuleChange block(const std::string& device, const std::string& address);
[[nodiscard]] RuleChange unblock(const std::string& device, const std::string& address);
[[nodiscard]] Action some_action(CaseId id, const std::string& device);
[[nodiscard]] Message some_message(CaseId id, const std::string& place);

}  // namespace garita::store::contract
