#include "scan/services.hpp"

#include <algorithm>
#include <array>
#include <span>

namespace garita::scan {
namespace {

struct Service {
    Port port;
    std::string_view name;
};

// In order of the ports.
// clang-format off
constexpr std::array<Service, 502> tcp_services{{
    {7, "echo"}, {9, "discard"}, {13, "daytime"}, {19, "chargen"}, {20, "ftp-data"}, {21, "ftp"},
    {22, "ssh"}, {23, "telnet"}, {25, "smtp"}, {37, "time"}, {43, "whois"}, {49, "tacacs"},
    {53, "domain"}, {70, "gopher"}, {79, "finger"}, {80, "http"}, {81, "http-alt"}, {82, "http-alt"},
    {83, "http-alt"}, {84, "http-alt"}, {85, "http-alt"}, {88, "kerberos"}, {89, "http-alt"},
    {102, "iso-tsap"}, {104, "dicom"}, {106, "pop3pw"}, {109, "pop2"}, {110, "pop3"}, {111, "rpcbind"},
    {113, "ident"}, {119, "nntp"}, {135, "msrpc"}, {137, "netbios-ns"}, {139, "netbios-ssn"},
    {143, "imap"}, {161, "snmp"}, {179, "bgp"}, {199, "smux"}, {264, "bgmp"}, {311, "asip-webadmin"},
    {389, "ldap"}, {427, "svrloc"}, {443, "https"}, {444, "snpp"}, {445, "microsoft-ds"},
    {464, "kpasswd"}, {465, "submissions"}, {481, "ph"}, {497, "retrospect"}, {500, "isakmp"},
    {502, "modbus"}, {503, "modbus-alt"}, {512, "exec"}, {513, "login"}, {514, "shell"}, {515, "printer"},
    {523, "ibm-db2"}, {524, "ncp"}, {540, "uucp"}, {543, "klogin"}, {544, "kshell"}, {548, "afp"},
    {554, "rtsp"}, {563, "nntps"}, {587, "submission"}, {593, "http-rpc-epmap"}, {623, "ipmi"},
    {625, "apple-xsrvr-admin"}, {631, "ipp"}, {636, "ldaps"}, {646, "ldp"}, {666, "doom"}, {691, "resvc"},
    {749, "kerberos-adm"}, {783, "spamassassin"}, {789, "redlion"}, {843, "flash-policy"},
    {853, "domain-s"}, {860, "iscsi"}, {873, "rsync"}, {902, "vmware-auth"}, {903, "vmware-console"},
    {989, "ftps-data"}, {990, "ftps"}, {992, "telnets"}, {993, "imaps"}, {995, "pop3s"},
    {1025, "msrpc-dyn"}, {1026, "msrpc-dyn"}, {1027, "msrpc-dyn"}, {1028, "msrpc-dyn"},
    {1029, "msrpc-dyn"}, {1080, "socks"}, {1089, "ff-annunc"}, {1090, "java-rmi"},
    {1098, "rmiactivation"}, {1099, "rmiregistry"}, {1110, "nfsd-status"}, {1158, "oracle-em"},
    {1194, "openvpn"}, {1200, "codesys"}, {1241, "nessus"}, {1311, "dell-openmanage"},
    {1352, "lotus-notes"}, {1400, "cadkey"}, {1414, "ibm-mq"}, {1433, "ms-sql"}, {1434, "ms-sql-monitor"},
    {1494, "citrix-ica"}, {1500, "vlsi-lm"}, {1503, "imtc-mcs"}, {1521, "oracle"}, {1524, "ingreslock"},
    {1526, "oracle-alt"}, {1604, "citrix-browser"}, {1701, "l2tp"}, {1720, "h323"}, {1723, "pptp"},
    {1755, "mms"}, {1801, "msmq"}, {1812, "radius"}, {1863, "msnp"}, {1883, "mqtt"}, {1900, "upnp"},
    {1911, "niagara-fox"}, {1935, "rtmp"}, {1962, "pcworx"}, {1984, "bigbrother"}, {1998, "x25-svc"},
    {2000, "cisco-sccp"}, {2001, "dc"}, {2002, "globe"}, {2049, "nfs"}, {2082, "cpanel"},
    {2083, "cpanels"}, {2086, "whm"}, {2087, "whms"}, {2095, "webmail"}, {2096, "webmails"},
    {2100, "amiganetfs"}, {2103, "msmq-rpc"}, {2105, "msmq-rpc"}, {2107, "msmq-mgmt"}, {2121, "ftp-alt"},
    {2152, "gtp-u"}, {2181, "zookeeper"}, {2222, "ssh-alt"}, {2323, "telnet-alt"}, {2375, "docker"},
    {2376, "docker-tls"}, {2377, "docker-swarm"}, {2379, "etcd"}, {2380, "etcd-peer"}, {2401, "cvs"},
    {2404, "iec-104"}, {2455, "codesys-alt"}, {2480, "orientdb"}, {2483, "oracle-net"},
    {2484, "oracle-nets"}, {2525, "smtp-alt"}, {2598, "citrix-session"}, {2601, "zebra"}, {2602, "ripd"},
    {2604, "ospfd"}, {2605, "bgpd"}, {2638, "sybase"}, {2717, "pn-requester"}, {2869, "icslap"},
    {2967, "symantec-av"}, {3000, "http-dev"}, {3001, "http-dev"}, {3050, "firebird"}, {3071, "csd-mgmt"},
    {3128, "squid"}, {3260, "iscsi-target"}, {3268, "globalcat"}, {3269, "globalcats"},
    {3299, "sap-router"}, {3300, "ceph-mon"}, {3306, "mysql"}, {3310, "clamav"}, {3333, "dec-notes"},
    {3389, "rdp"}, {3478, "stun"}, {3493, "nut"}, {3541, "voispeed"}, {3632, "distcc"}, {3689, "daap"},
    {3690, "svn"}, {3702, "ws-discovery"}, {3749, "cimtrak"}, {3790, "quickbooks"}, {3868, "diameter"},
    {3986, "mapper"}, {4000, "remoteanything"}, {4022, "dnox"}, {4040, "yo-main"}, {4045, "nfs-lock"},
    {4064, "zeroc-ice"}, {4070, "spotify-connect"}, {4118, "netadmin"}, {4190, "sieve"}, {4222, "nats"},
    {4242, "orthanc"}, {4333, "msql"}, {4369, "epmd"}, {4433, "https-alt"}, {4443, "https-alt"},
    {4444, "http-alt"}, {4445, "upnotifyp"}, {4500, "ipsec-nat-t"}, {4505, "salt-publish"},
    {4506, "salt-request"}, {4567, "tram"}, {4582, "kwtc"}, {4662, "edonkey"}, {4664, "desktop-search"},
    {4786, "cisco-smi"}, {4840, "opc-ua"}, {4848, "glassfish"}, {4899, "radmin"}, {4911, "niagara-foxs"},
    {4949, "munin"}, {5000, "http-dev"}, {5001, "http-dev"}, {5003, "filemaker"}, {5006, "wsm-server"},
    {5007, "melsec"}, {5009, "airport-admin"}, {5038, "asterisk-ami"}, {5050, "mesos"},
    {5051, "mesos-agent"}, {5060, "sip"}, {5061, "sips"}, {5085, "llrp"}, {5094, "hart-ip"},
    {5101, "admdog"}, {5201, "iperf3"}, {5222, "xmpp-client"}, {5223, "xmpp-clients"},
    {5269, "xmpp-server"}, {5280, "xmpp-bosh"}, {5351, "nat-pmp"}, {5353, "mdns"}, {5355, "llmnr"},
    {5357, "wsdapi"}, {5358, "wsdapis"}, {5405, "netsupport"}, {5432, "postgresql"},
    {5433, "postgresql-alt"}, {5555, "adb"}, {5556, "freeciv"}, {5560, "isqlplus"}, {5601, "kibana"},
    {5631, "pcanywhere"}, {5632, "pcanywhere-stat"}, {5666, "nrpe"}, {5667, "nsca"}, {5671, "amqps"},
    {5672, "amqp"}, {5683, "coap"}, {5800, "vnc-http"}, {5801, "vnc-http"}, {5900, "vnc"},
    {5901, "vnc-1"}, {5902, "vnc-2"}, {5903, "vnc-3"}, {5938, "teamviewer"}, {5984, "couchdb"},
    {5985, "winrm"}, {5986, "winrms"}, {5999, "ncd-conf"}, {6000, "x11"}, {6001, "x11-1"},
    {6002, "x11-2"}, {6066, "spark"}, {6080, "novnc"}, {6106, "isdninfo"}, {6112, "dtspc"},
    {6123, "flink"}, {6379, "redis"}, {6443, "kubernetes"}, {6556, "check-mk"}, {6566, "sane"},
    {6588, "analogx"}, {6600, "mpd"}, {6646, "mcafee"}, {6660, "irc"}, {6665, "irc"}, {6666, "irc"},
    {6667, "irc"}, {6668, "irc"}, {6669, "irc"}, {6697, "ircs"}, {6789, "ibm-db2-admin"},
    {6881, "bittorrent"}, {6969, "acmsoda"}, {7000, "cassandra"}, {7001, "weblogic"}, {7002, "weblogics"},
    {7004, "afs3-kaserver"}, {7070, "realserver"}, {7077, "spark-master"}, {7080, "http-alt"},
    {7100, "xfont"}, {7199, "cassandra-jmx"}, {7443, "https-alt"}, {7473, "neo4j-https"}, {7474, "neo4j"},
    {7547, "cwmp"}, {7676, "imqbroker"}, {7687, "neo4j-bolt"}, {7777, "http-alt"}, {7778, "http-alt"},
    {7878, "http-alt"}, {7946, "docker-gossip"}, {8000, "http-alt"}, {8001, "http-alt"},
    {8002, "http-alt"}, {8005, "tomcat-shutdown"}, {8006, "proxmox"}, {8007, "http-alt"},
    {8008, "http-alt"}, {8009, "ajp"}, {8010, "http-alt"}, {8020, "hdfs"}, {8025, "http-alt"},
    {8042, "yarn"}, {8053, "xenserver"}, {8060, "http-alt"}, {8069, "odoo"}, {8080, "http-proxy"},
    {8081, "http-alt"}, {8082, "http-alt"}, {8083, "http-alt"}, {8084, "http-alt"}, {8085, "http-alt"},
    {8086, "influxdb"}, {8087, "riak"}, {8088, "http-alt"}, {8089, "splunk"}, {8090, "confluence"},
    {8091, "couchbase"}, {8096, "jellyfin"}, {8098, "riak-http"}, {8099, "http-alt"}, {8100, "http-alt"},
    {8111, "teamcity"}, {8118, "privoxy"}, {8123, "home-assistant"}, {8125, "statsd"},
    {8126, "statsd-admin"}, {8139, "puppet"}, {8140, "puppet-server"}, {8161, "activemq"},
    {8181, "http-alt"}, {8200, "vault"}, {8222, "vmware-http"}, {8291, "winbox"}, {8300, "consul-rpc"},
    {8301, "consul-serf"}, {8333, "vmware-https"}, {8400, "commvault"}, {8403, "commvault-evt"},
    {8443, "https-alt"}, {8444, "https-alt"}, {8500, "consul"}, {8530, "wsus"}, {8531, "wsuss"},
    {8545, "ethereum"}, {8600, "consul-dns"}, {8649, "ganglia"}, {8728, "routeros-api"},
    {8729, "routeros-apis"}, {8765, "http-alt"}, {8800, "http-alt"}, {8834, "nessus-web"},
    {8880, "http-alt"}, {8883, "mqtts"}, {8888, "http-alt"}, {8889, "http-alt"}, {8899, "http-alt"},
    {8983, "solr"}, {9000, "http-alt"}, {9001, "tor-orport"}, {9002, "http-alt"},
    {9009, "clickhouse-repl"}, {9042, "cassandra-cql"}, {9043, "websphere-admin"}, {9050, "tor-socks"},
    {9060, "websphere"}, {9080, "http-alt"}, {9081, "http-alt"}, {9090, "prometheus"},
    {9091, "transmission"}, {9092, "kafka"}, {9093, "alertmanager"}, {9095, "http-alt"},
    {9099, "http-alt"}, {9100, "jetdirect"}, {9102, "bacula-fd"}, {9103, "bacula-sd"},
    {9104, "mysqld-exporter"}, {9110, "http-alt"}, {9160, "cassandra-thrift"}, {9200, "elasticsearch"},
    {9300, "elasticsearch-peer"}, {9390, "openvas-mgr"}, {9392, "openvas"}, {9418, "git"},
    {9443, "https-alt"}, {9500, "http-alt"}, {9535, "mngsuite"}, {9593, "landesk"}, {9595, "landesk-web"},
    {9600, "fins"}, {9618, "condor"}, {9666, "zoomcp"}, {9876, "http-alt"}, {9898, "tripwire"},
    {9900, "iua"}, {9981, "tvheadend"}, {9990, "wildfly-admin"}, {9999, "http-alt"}, {10000, "webmin"},
    {10001, "scp-config"}, {10050, "zabbix-agent"}, {10051, "zabbix-server"}, {10080, "amanda"},
    {10243, "http-alt"}, {10250, "kubelet"}, {10255, "kubelet-read"}, {10256, "kube-proxy"},
    {10443, "https-alt"}, {11211, "memcached"}, {11371, "hkp"}, {11434, "ollama"}, {12000, "cce4x"},
    {12345, "netbus"}, {13722, "netbackup"}, {13782, "netbackup-client"}, {15672, "rabbitmq-admin"},
    {16010, "hbase-master"}, {16379, "redis-alt"}, {16992, "intel-amt"}, {16993, "intel-amts"},
    {17500, "dropbox-lan"}, {18080, "http-alt"}, {18091, "couchbases"}, {19000, "http-alt"},
    {19132, "minecraft-be"}, {19999, "netdata"}, {20000, "dnp3"}, {20256, "unitronics"},
    {20547, "proconos"}, {21025, "starbound"}, {22000, "syncthing"}, {23023, "telnet-alt"},
    {24444, "netbeans"}, {24800, "synergy"}, {25565, "minecraft"}, {25672, "rabbitmq-dist"},
    {26257, "cockroachdb"}, {27000, "flexlm"}, {27017, "mongodb"}, {27018, "mongodb-shard"},
    {27019, "mongodb-config"}, {28015, "rethinkdb"}, {28017, "mongodb-web"}, {30718, "lantronix"},
    {31337, "elite"}, {32400, "plex"}, {32764, "router-backdoor"}, {32768, "rpc-dyn"}, {33060, "mysqlx"},
    {34962, "profinet"}, {37777, "dahua"}, {41795, "crestron"}, {44818, "ethernet-ip"},
    {47001, "winrm-alt"}, {47808, "bacnet"}, {49152, "dynamic"}, {49153, "dynamic"}, {49154, "dynamic"},
    {49155, "dynamic"}, {49156, "dynamic"}, {49157, "dynamic"}, {50000, "ibm-db2-alt"},
    {50010, "hdfs-data"}, {50030, "hadoop-jobs"}, {50070, "hdfs-web"}, {50090, "hdfs-backup"},
    {51413, "bittorrent-alt"}, {51820, "wireguard"}, {54321, "http-alt"}, {55443, "https-alt"},
    {55553, "metasploit"}, {60010, "hbase-web"}, {61613, "stomp"}, {61616, "activemq-openwire"},
    {62078, "iphone-sync"}, {64738, "mumble"}}};

constexpr std::array<Service, 78> udp_services{{
    {7, "echo"}, {9, "discard"}, {13, "daytime"}, {17, "qotd"}, {19, "chargen"}, {37, "time"},
    {53, "domain"}, {67, "dhcp"}, {69, "tftp"}, {88, "kerberos"}, {111, "rpcbind"}, {123, "ntp"},
    {135, "msrpc"}, {137, "netbios-ns"}, {138, "netbios-dgm"}, {161, "snmp"}, {162, "snmptrap"},
    {177, "xdmcp"}, {389, "cldap"}, {427, "svrloc"}, {443, "quic"}, {445, "microsoft-ds"},
    {464, "kpasswd"}, {500, "isakmp"}, {514, "syslog"}, {520, "rip"}, {523, "ibm-db2"}, {623, "ipmi"},
    {626, "apple-serial"}, {631, "ipp"}, {853, "domain-quic"}, {996, "vsinet"}, {1194, "openvpn"},
    {1434, "ms-sql-monitor"}, {1604, "citrix-browser"}, {1645, "radius-old"}, {1646, "radius-acct-old"},
    {1701, "l2tp"}, {1718, "h323-gate"}, {1812, "radius"}, {1813, "radius-acct"}, {1900, "ssdp"},
    {2049, "nfs"}, {2123, "gtp-c"}, {2152, "gtp-u"}, {2222, "ethernet-ip-io"}, {3283, "apple-remote"},
    {3389, "rdp"}, {3391, "rd-gateway"}, {3478, "stun"}, {3671, "knxnet"}, {3702, "ws-discovery"},
    {4500, "ipsec-nat-t"}, {4789, "vxlan"}, {5004, "rtp"}, {5060, "sip"}, {5093, "sentinel"},
    {5351, "nat-pmp"}, {5353, "mdns"}, {5355, "llmnr"}, {5683, "coap"}, {5684, "coaps"},
    {6481, "servicetags"}, {8443, "quic-alt"}, {9600, "fins"}, {10001, "ubiquiti"}, {10080, "amanda"},
    {11211, "memcached"}, {17185, "vxworks"}, {19132, "minecraft-be"}, {20000, "dnp3"},
    {27015, "source-engine"}, {33434, "traceroute"}, {44818, "ethernet-ip"}, {47808, "bacnet"},
    {49152, "dynamic"}, {51820, "wireguard"}, {64738, "mumble"}}};
// clang-format on

constexpr bool in_order(std::span<const Service> services) {
    for (std::size_t i = 1; i < services.size(); ++i)
        if (services[i - 1].port >= services[i].port) return false;
    return true;
}
static_assert(in_order(tcp_services) && in_order(udp_services));

std::span<const Service> services_of(Transport transport) {
    if (transport == Transport::tcp) return tcp_services;
    return udp_services;
}

PortSet ports_of(Transport transport) {
    PortSet ports;
    for (const auto& service : services_of(transport))
        ports.insert(service.port);
    return ports;
}

}  // namespace

std::string_view service_name(Transport transport, Port port) {
    const auto services = services_of(transport);
    const auto at =
        std::lower_bound(services.begin(), services.end(), port,
                         [](const Service& service, Port wanted) { return service.port < wanted; });
    return at != services.end() && at->port == port ? at->name : std::string_view();
}

const PortSet& usual_ports(Transport transport) {
    static const PortSet tcp = ports_of(Transport::tcp);
    static const PortSet udp = ports_of(Transport::udp);
    return transport == Transport::tcp ? tcp : udp;
}

}  // namespace garita::scan
