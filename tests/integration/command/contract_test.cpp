#include "contract/class_backend/class_backend_contract_tests.hpp"
#include "contract/class_backend/compared_device.hpp"
#include "integration/command/ipset_by_command.hpp"

namespace garita::contract {
namespace {

command::Settings by_halves() {
    auto settings = ipset_of_marks_in_batches();
    settings.line_number.clear();
    settings.swap_line.clear();
    settings.swap_before.clear();
    settings.swap_behind.clear();
    return settings;
}

using Where = IpsetByCommand::Where;

INSTANTIATE_TEST_SUITE_P(
    Command, ClassBackendContract,
    ::testing::Values(
        ClassBackendKind{"one_by_one", [] { return IpsetByCommand::make(ipset_of_marks(), 60); }},
        ClassBackendKind{"batch", [] { return IpsetByCommand::make(ipset_of_marks_in_batches(), 12'000); }},
        ClassBackendKind{"batch_by_halves", [] { return IpsetByCommand::make(by_halves(), 12'000); }},
        ClassBackendKind{
            "batch_by_ssh",
            [] { return IpsetByCommand::make(ipset_of_marks_in_batches(), 9'000, Where::by_ssh); }}),
    class_backend_name);

INSTANTIATE_TEST_SUITE_P(
    ComparedCommand, ClassBackendContract,
    ::testing::Values(ClassBackendKind{
        "batch",
        [] { return ComparedDevice::make(IpsetByCommand::make(ipset_of_marks_in_batches(), 9'000)); }}),
    class_backend_name);

}  // namespace
}  // namespace garita::contract
