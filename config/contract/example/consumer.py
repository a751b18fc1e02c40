#!/usr/bin/env python3
"""A recipient in a hundred lines: takes documents from the mailroom, stores them in a folder, sends
receipts. Needs only paho-mqtt 1.6 (Debian: python3-paho-mqtt). See ../README.md."""
import argparse, base64, hashlib, json, os, queue, ssl, sys, time, urllib.request, uuid

import paho.mqtt.client as mqtt
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

BLOCK = 128 * 1024
EXTENSION = {"application/pdf": ".pdf", "application/json": ".json",
             "application/xml": ".xml", "message/rfc822": ".eml", "application/pkcs7-signature": ".p7s"}


class Consumer:
    def __init__(self, args):
        self.args, self.done = args, 0
        self.manifests, self.blocks = queue.Queue(), queue.Queue()
        root = f"mailroom/v1/{args.site}"
        self.to, self.frm = f"{root}/to/{args.id}", f"{root}/from/{args.id}"
        self.reader = f"{self.to}/block/{uuid.uuid4().hex}"
        self.client = mqtt.Client(f"{args.id}-example", protocol=mqtt.MQTTv5)
        self.client.tls_set(args.ca, args.cert, args.key, tls_version=ssl.PROTOCOL_TLS_CLIENT)
        self.client.on_connect, self.client.on_message = self.on_connect, self.on_message

    def on_connect(self, client, _userdata, _flags, code, _properties):
        if code != 0:
            sys.exit(f"the broker refuses us: {code}")
        client.subscribe([(f"{self.to}/manifest", 1), (self.reader, 1)])

    def on_message(self, _client, _userdata, message):
        (self.blocks if message.topic == self.reader else self.manifests).put(message)

    def ask(self, delivery, content, first, count):
        properties = Properties(PacketTypes.PUBLISH)
        properties.ResponseTopic, properties.CorrelationData = self.reader, uuid.uuid4().bytes
        request = {"id": delivery, "content": content["sha256"], "block": first, "count": count}
        self.client.publish(f"{self.frm}/request", json.dumps(request), qos=1, properties=properties)

    def fetch_blocks(self, delivery, content):
        """Blocks may be lost or repeated: whatever is missing after five seconds is asked for again."""
        got = {}
        while len(got) < content["blocks"]:
            first = next(n for n in range(content["blocks"]) if n not in got)
            count = min(4, content["blocks"] - first)
            self.ask(delivery, content, first, count)
            deadline = time.monotonic() + 5
            while any(n not in got for n in range(first, first + count)) and time.monotonic() < deadline:
                try:
                    message = self.blocks.get(timeout=max(0.01, deadline - time.monotonic()))
                except queue.Empty:
                    break
                about = dict(message.properties.UserProperty)
                if about["id"] != delivery or about["content"] != content["sha256"]:
                    continue
                if "error" in about:
                    raise RuntimeError(f"the mailroom does not hand it out: {about['error']}")
                if hashlib.sha256(message.payload).hexdigest() == about["sha256"]:
                    got[int(about["block"])] = message.payload
        return b"".join(got[n] for n in range(content["blocks"]))

    def fetch_by_https(self, access, content):
        """Range by range; an answer may be shorter than what was asked for."""
        trust, data = ssl.create_default_context(cafile=self.args.ca), b""
        while len(data) < content["size"]:
            headers = {"Authorization": f"Bearer {access['token']}", "Range": f"bytes={len(data)}-"}
            request = urllib.request.Request(access["url"] + content["sha256"], headers=headers)
            with urllib.request.urlopen(request, context=trust, timeout=30) as answer:
                data += answer.read()
        return data

    def fetch(self, delivery, manifest, content):
        if "inline" in content:
            return base64.b64decode(content["inline"])
        access = manifest["data"].get("https")
        return self.fetch_by_https(access, content) if access else self.fetch_blocks(delivery, content)

    def write(self, path, data):
        with open(path, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())

    def sync(self, folder):
        descriptor = os.open(folder, os.O_RDONLY)
        os.fsync(descriptor)
        os.close(descriptor)

    def deliver(self, payload):
        """Store first, durably and under a name that only a whole delivery has; then send the receipt."""
        manifest = json.loads(payload)
        delivery, contents = manifest["id"], manifest["data"]["contents"]
        target = os.path.join(self.args.out, str(uuid.UUID(delivery)))
        digests = [{"role": c["role"], "sha256": c["sha256"]} for c in contents]
        if not os.path.exists(target):  # a duplicate is only receipted again
            half = target + ".half"
            os.makedirs(half, exist_ok=True)
            for number, content in enumerate(contents):
                data = self.fetch(delivery, manifest, content)
                if hashlib.sha256(data).hexdigest() != content["sha256"]:
                    raise RuntimeError("a content does not have its digest")
                name = f"{number}-{content['role']}{EXTENSION.get(content['media_type'], '.bin')}"
                self.write(os.path.join(half, name + (".p7m" if "encryption" in content else "")), data)
            self.write(os.path.join(half, "manifest.json"), payload)
            self.sync(half)
            os.rename(half, target)
            self.sync(self.args.out)
        receipt = {"id": delivery, "status": "stored", "record": delivery, "contents": digests}
        self.client.publish(f"{self.frm}/receipt", json.dumps(receipt), qos=1).wait_for_publish(10)
        self.done += 1

    def run(self):
        self.client.connect(self.args.host, self.args.port)
        self.client.loop_start()
        while not self.args.count or self.done < self.args.count:
            message = self.manifests.get()
            try:
                self.deliver(message.payload)
            except (RuntimeError, ValueError, KeyError, OSError) as error:
                print(f"not taken, will be sent again: {error}", file=sys.stderr)
        self.client.disconnect()
        self.client.loop_stop()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    for option in ("--id", "--site", "--ca", "--cert", "--key", "--out"):
        parser.add_argument(option, required=True)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8883)
    parser.add_argument("--count", type=int, default=0, help="end after so many deliveries")
    Consumer(parser.parse_args()).run()
