#pragma once
// What the configuration says about access for new devices, in the words of those who carry it out.

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "access/desk.hpp"
#include "access/inventory.hpp"
#include "access/letter_desk.hpp"
#include "access/reception.hpp"
#include "access/switch_room.hpp"
#include "adapters/access_archive/archive.hpp"
#include "adapters/mailbox/settings.hpp"
#include "adapters/rsyslog_db/table.hpp"
#include "adapters/syslog/receiver.hpp"
#include "programs/hub_access/database_poll.hpp"
#include "programs/hub_access/letter_proofs.hpp"
#include "runtime/config/hub_config.hpp"
#include "runtime/log/log.hpp"

namespace garita::programs {

/// From now on they appear as *** in the log.
void hide_access_secrets(const runtime::AccessConfig& config, const runtime::Log& log);

[[nodiscard]] access::Inventory inventory_of(const runtime::AccessConfig& config);
[[nodiscard]] access::SwitchLogin login_of(const runtime::SwitchConfig& config);
/// Fails where a port that is not to be touched is no port.
[[nodiscard]] Result<access::SwitchRoomSettings> room_of(const runtime::AccessConfig& access,
                                                         const runtime::SwitchConfig& config);

/// `hub_keys`: the hub's own, for TLS without a certificate of its own.
[[nodiscard]] std::vector<syslog::Listen> listen_of(const runtime::AccessSyslogConfig& config,
                                                    const runtime::tls::KeyPaths& hub_keys);
[[nodiscard]] rsyslog_db::Settings database_of(const runtime::AccessDatabaseConfig& config);
[[nodiscard]] std::unique_ptr<rsyslog_db::Table> table_of(const runtime::AccessDatabaseConfig& config);
[[nodiscard]] DatabasePoll::Settings poll_of(const runtime::AccessDatabaseConfig& config);

/// Fails on a time zone that this machine does not know.
[[nodiscard]] Result<access::WorkingHours> hours_of(const runtime::HubConfig& config,
                                                    const runtime::AccessConfig& access);
[[nodiscard]] access::DeskSettings desk_settings(const runtime::AccessConfig& access,
                                                 const access::WorkingHours& hours);
[[nodiscard]] access::Addressees addressees_of(const runtime::HubConfig& config,
                                               const runtime::AccessConfig& access,
                                               const access::WorkingHours& hours);

[[nodiscard]] access_archive::Archive::Settings archive_of(const runtime::HubConfig& config,
                                                           const access::WorkingHours& hours);

[[nodiscard]] Result<mailbox::MailboxServer> mailbox_of(const runtime::AccessMailboxConfig& config);
[[nodiscard]] access::ReceptionSettings reception_of(const runtime::AccessMailboxConfig& config);
[[nodiscard]] mailbox::ReadingRules reading_of(const runtime::HubConfig& config,
                                               const runtime::AccessMailboxConfig& mailbox);
[[nodiscard]] access::LetterRules letter_rules(const runtime::HubConfig& config,
                                               const runtime::AccessProofConfig& proof);
/// Fails where keys cannot be read, or GnuPG cannot work here. GnuPG's home is made in `state`.
[[nodiscard]] Result<ProofLadder::Rungs> rungs_of(const runtime::AccessProofConfig& proof,
                                                  const std::filesystem::path& state);

}  // namespace garita::programs
