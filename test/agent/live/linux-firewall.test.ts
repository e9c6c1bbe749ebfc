import { expect, test } from 'vitest';
import { agentAfter, describeWith } from './linux-bench.ts';

const firewall = (script: string) => agentAfter(`ip link set lo up\n${script}`, 'firewall');
const on = { 'firewall/enabled': 'pass', 'firewall/inbound-default': 'pass' };
const off = { 'firewall/enabled': 'fail', 'firewall/inbound-default': 'fail' };

/** ufw keeps its rules in /etc/ufw and its defaults in /etc/default: copies in memory take their places, in this namespace only. */
const ufw = `mount -t tmpfs tmpfs /mnt && mkdir /mnt/ufw && cp -a /etc/ufw/. /mnt/ufw/
cp -a /etc/default/ufw /mnt/default && mount --bind /mnt/default /etc/default/ufw
mount --bind /mnt/ufw /etc/ufw
ufw --force reset >/dev/null 2>&1; find /etc/ufw -name '*.rules.2*' -delete`;

describeWith('the firewall of this kernel, nftables', ['nft', 'ip', 'unshare'], () => {
  test('no rules at all', () => {
    expect(firewall('nft flush ruleset')).toEqual(off);
  });

  test('a workstation that refuses', () => {
    const rules = `nft -f - <<'EOF'
table inet filter {
  chain input {
    type filter hook input priority filter; policy drop;
    ct state vmap { established : accept, related : accept, invalid : drop }
    iif "lo" accept
    ip protocol icmp accept
    meta l4proto ipv6-icmp accept
    tcp dport { 22, 631 } accept
    udp dport 5353 accept
    limit rate 5/second counter reject with icmpx admin-prohibited
  }
}
EOF`;
    expect(firewall(rules)).toEqual(on);
  });

  test('policy accept and a reject at the end', () => {
    const rules = `nft add table inet t; nft add chain inet t i '{ type filter hook input priority 10; policy accept; }'
nft add rule inet t i ct state established,related accept; nft add rule inet t i iifname lo accept; nft add rule inet t i counter reject`;
    expect(firewall(rules)).toEqual(on);
  });

  test('IPv4 only', () => {
    const rules = `nft add table ip t; nft add chain ip t i '{ type filter hook input priority 0; policy drop; }'`;
    expect(firewall(rules)).toEqual(off);
  });

  test('every new connection accepted', () => {
    const rules = `nft add table inet t; nft add chain inet t i '{ type filter hook input priority 0; policy drop; }'
nft add rule inet t i ct state new,established accept`;
    expect(firewall(rules)).toEqual(off);
  });

  test('high ports accepted', () => {
    const rules = `nft add table inet t; nft add chain inet t i '{ type filter hook input priority 0; policy drop; }'
nft add rule inet t i tcp dport 1025-65535 accept`;
    expect(firewall(rules)).toEqual({ 'firewall/enabled': 'pass', 'firewall/inbound-default': 'fail' });
  });

  test('a table that sleeps', () => {
    const rules = `nft add table inet t '{ flags dormant; }'; nft add chain inet t i '{ type filter hook input priority 0; policy drop; }'`;
    // nft 1.0.6 does not print that flag properly in JSON: then it is unknown, and never a pass.
    const unknown = { 'firewall/enabled': 'unknown', 'firewall/inbound-default': 'unknown' };
    expect([off, unknown]).toContainEqual(firewall(rules));
  });

  test('accepted by way of a chain', () => {
    const rules = `nft add table inet t; nft add chain inet t everybody; nft add rule inet t everybody accept
nft add chain inet t i '{ type filter hook input priority 0; policy drop; }'; nft add rule inet t i meta nfproto ipv6 goto everybody`;
    expect(firewall(rules)).toEqual(off);
  });
});

describeWith(
  'the firewall of this kernel, iptables',
  ['nft', 'iptables', 'ip6tables', 'ip', 'unshare'],
  () => {
    const both = (rule: string) => `iptables ${rule}; ip6tables ${rule}`;

    test('policy DROP', () => {
      expect(
        firewall(
          `${both('-A INPUT -i lo -j ACCEPT')}; ${both('-A INPUT -m conntrack --ctstate ESTABLISHED -j ACCEPT')}; ${both('-P INPUT DROP')}`,
        ),
      ).toEqual(on);
    });

    test('a module hides that everybody is accepted', () => {
      expect(
        firewall(
          `${both('-P INPUT DROP')}; ${both('-A INPUT -m conntrack --ctstate NEW,ESTABLISHED -j ACCEPT')}`,
        ),
      ).toEqual(off);
    });

    test('a comment is no condition', () => {
      expect(
        firewall(`${both('-P INPUT DROP')}; ${both("-A INPUT -m comment --comment 'for now' -j ACCEPT")}`),
      ).toEqual(off);
    });

    test('rejected at the end', () => {
      expect(
        firewall(`${both('-A INPUT -p tcp --dport 22 -j ACCEPT')}; ${both('-A INPUT -j REJECT')}`),
      ).toEqual(on);
    });

    test('what Docker and the like add filters nothing', () => {
      expect(
        firewall(
          'iptables -P FORWARD DROP; iptables -N DOCKER; iptables -A FORWARD -j DOCKER; iptables -N ts-input; iptables -A INPUT -j ts-input; iptables -A ts-input -s 100.64.0.0/10 ! -i tailscale0 -j DROP',
        ),
      ).toEqual(off);
    });
  },
);

describeWith(
  'the firewall of this kernel, older tables',
  ['nft', 'iptables-legacy', 'ip6tables-legacy', 'ip', 'unshare'],
  () => {
    test('rules that nft does not see', () => {
      const legacy =
        'iptables-legacy -P INPUT DROP 2>/dev/null && ip6tables-legacy -P INPUT DROP 2>/dev/null || true';
      const result = firewall(legacy);
      // A kernel without the older interface refuses the rules: then there are none.
      expect([on, off]).toContainEqual(result);
    });
  },
);

describeWith('ufw', ['ufw', 'nft', 'iptables', 'ip', 'unshare'], () => {
  test('switched on', () => {
    expect(firewall(`${ufw}\nufw allow 22/tcp >/dev/null\nufw --force enable >/dev/null`)).toEqual(on);
  });

  test('installed and not switched on', () => {
    expect(firewall(ufw)).toEqual(off);
  });

  test('on, and told to let everything in', () => {
    expect(firewall(`${ufw}\nufw default allow incoming >/dev/null\nufw --force enable >/dev/null`)).toEqual({
      'firewall/enabled': 'pass',
      'firewall/inbound-default': 'fail',
    });
  });

  test('switched on, and its rules flushed by somebody else', () => {
    expect(firewall(`${ufw}\nufw --force enable >/dev/null\nnft flush ruleset`)).toEqual(off);
  });
});

describeWith('firewalld', ['firewalld', 'firewall-cmd', 'dbus-daemon', 'nft', 'ip', 'unshare'], () => {
  /** Its own bus and its own files; the daemon ends with the namespace's processes, by its id. */
  const firewalld = (script: string) => `mount -t tmpfs tmpfs /run; mkdir -p /run/dbus /run/firewalld
mount -t tmpfs tmpfs /mnt; mkdir /mnt/firewalld; cp -a /etc/firewalld/. /mnt/firewalld/; mount --bind /mnt/firewalld /etc/firewalld
BUS=$(dbus-daemon --system --fork --print-pid 2>/dev/null); firewalld --nofork --nopid >/dev/null 2>&1 & FW=$!
trap 'kill $FW $BUS' EXIT
for _ in $(seq 60); do firewall-cmd --state >/dev/null 2>&1 && break; sleep 0.25; done
ip tuntap add dev muster0 mode tap; ip link set muster0 up
${script}
"$NODE" "$MAIN" --check --only "$ONLY" --format json || true
exit 0`;

  test('zone public', () => {
    expect(firewall(firewalld('firewall-cmd --set-default-zone=public >/dev/null'))).toEqual(on);
  });

  test('a zone that lets everything in', () => {
    expect(firewall(firewalld('firewall-cmd --set-default-zone=trusted >/dev/null'))).toEqual({
      'firewall/enabled': 'pass',
      'firewall/inbound-default': 'fail',
    });
  });

  test('a second zone, active on an interface, with its high ports open', () => {
    expect(
      firewall(
        firewalld(
          'firewall-cmd --zone=work --change-interface=muster0 >/dev/null; firewall-cmd --zone=work --add-port=1025-65535/tcp >/dev/null',
        ),
      ),
    ).toEqual({
      'firewall/enabled': 'pass',
      'firewall/inbound-default': 'fail',
    });
  });
});
