// The stores that must pass.

#include "adapters/sqlite/sqlite_access_book.hpp"
#include "adapters/sqlite/sqlite_device_rules.hpp"
#include "adapters/sqlite/sqlite_letter_book.hpp"
#include "adapters/sqlite/sqlite_port_book.hpp"
#include "adapters/sqlite/sqlite_store.hpp"
#include "contract/store_contract.hpp"
#include "fakes/memory_access_book.hpp"
#include "fakes/memory_device_rules.hpp"
#include "fakes/memory_letter_book.hpp"
#include "fakes/memory_port_book.hpp"
#include "fakes/memory_store.hpp"

namespace garita::store::contract {
namespace {

std::unique_ptr<Store> open_sqlite(const std::string& directory) {
    auto opened = sqlite::SqliteStore::open({.file = directory + "/hub.db"});
    if (!opened) throw std::runtime_error(opened.error().text);
    return std::move(*opened);
}

std::unique_ptr<Store> open_memory(const std::string& /*directory*/) {
    return std::make_unique<fakes::MemoryStore>();
}

std::unique_ptr<DeviceRules> rules_in_sqlite(Store& store) {
    return std::make_unique<sqlite::SqliteDeviceRules>(dynamic_cast<sqlite::SqliteStore&>(store));
}

std::unique_ptr<DeviceRules> rules_in_memory(Store& store) {
    return std::make_unique<fakes::MemoryDeviceRules>(store);
}

}  // namespace

std::vector<StoreKind> all_stores() {
    return {{"memory", open_memory, false, rules_in_memory, std::make_unique<fakes::MemoryPortBook>,
             std::make_unique<fakes::MemoryAccessBook>, std::make_unique<fakes::MemoryLetterBook>},
            {"sqlite", open_sqlite, true, rules_in_sqlite, std::make_unique<sqlite::SqlitePortBook>,
             std::make_unique<sqlite::SqliteAccessBook>, std::make_unique<sqlite::SqliteLetterBook>}};
}

std::string kind_name(const testing::TestParamInfo<StoreKind>& test) {
    return test.param.name;
}

}  // namespace garita::store::contract
