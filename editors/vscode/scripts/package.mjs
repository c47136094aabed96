// Packs the extension into one vsix: a zip with two manifests and the files that are needed to run.
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { zipSync } from "fflate";

const manifest = JSON.parse(readFileSync("package.json", "utf8"));
const SHIPPED = ["package.json", "README.md", "CHANGELOG.md", "LICENSE", "dist", "images", "walkthrough"];
const LEFT_OUT = /^dist\/test(\/|$)|\.svg$/;
const TYPES = {
  css: "text/css",
  js: "application/javascript",
  json: "application/json",
  md: "text/markdown",
  png: "image/png",
  txt: "text/plain",
  vsixmanifest: "text/xml",
};

function filesBelow(name) {
  if (LEFT_OUT.test(name)) return [];
  if (!statSync(name).isDirectory()) return [name];
  return readdirSync(name).sort().flatMap((inside) => filesBelow(`${name}/${inside}`));
}

const escape = (text) =>
  String(text).replace(/[&<>"]/g, (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[sign]);

const properties = {
  "Microsoft.VisualStudio.Code.Engine": manifest.engines.vscode,
  "Microsoft.VisualStudio.Code.ExtensionKind": manifest.extensionKind.join(","),
  "Microsoft.VisualStudio.Services.GitHubFlavoredMarkdown": "true",
};
const assets = {
  "Microsoft.VisualStudio.Code.Manifest": "extension/package.json",
  "Microsoft.VisualStudio.Services.Content.Details": "extension/README.md",
  "Microsoft.VisualStudio.Services.Content.Changelog": "extension/CHANGELOG.md",
  "Microsoft.VisualStudio.Services.Content.License": "extension/LICENSE",
  "Microsoft.VisualStudio.Services.Icons.Default": `extension/${manifest.icon}`,
};

const vsixManifest = `<?xml version="1.0" encoding="utf-8"?>
<PackageManifest Version="2.0.0" xmlns="http://schemas.microsoft.com/developer/vsx-schema/2011" xmlns:d="http://schemas.microsoft.com/developer/vsx-schema-design/2011">
  <Metadata>
    <Identity Language="en-US" Id="${manifest.name}" Version="${manifest.version}" Publisher="${manifest.publisher}"/>
    <DisplayName>${escape(manifest.displayName)}</DisplayName>
    <Description xml:space="preserve">${escape(manifest.description)}</Description>
    <Tags>${escape(manifest.keywords.join(","))}</Tags>
    <Categories>${escape(manifest.categories.join(","))}</Categories>
    <Properties>
${Object.entries(properties)
  .map(([id, value]) => `      <Property Id="${id}" Value="${escape(value)}"/>`)
  .join("\n")}
    </Properties>
    <License>extension/LICENSE</License>
    <Icon>extension/${manifest.icon}</Icon>
  </Metadata>
  <Installation>
    <InstallationTarget Id="Microsoft.VisualStudio.Code"/>
  </Installation>
  <Dependencies/>
  <Assets>
${Object.entries(assets)
  .map(([type, path]) => `    <Asset Type="${type}" Path="${path}" Addressable="true"/>`)
  .join("\n")}
  </Assets>
</PackageManifest>
`;

const contentTypes = `<?xml version="1.0" encoding="utf-8"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
${Object.entries(TYPES)
  .map(([ending, type]) => `  <Default Extension=".${ending}" ContentType="${type}"/>`)
  .join("\n")}
</Types>
`;

const text = new TextEncoder();
const packed = {
  "extension.vsixmanifest": text.encode(vsixManifest),
  "[Content_Types].xml": text.encode(contentTypes),
};
for (const name of SHIPPED.flatMap(filesBelow)) {
  // The manifest that is installed needs no word on how the extension is built.
  const { scripts, devDependencies, private: unpublished, ...installed } = manifest;
  packed[`extension/${name}`] =
    name === "package.json" ? text.encode(JSON.stringify(installed, null, 2)) : readFileSync(name);
}
const name = `${manifest.name}-${manifest.version}.vsix`;
// One date for every file: the same sources give the same package.
writeFileSync(name, zipSync(packed, { level: 9, mtime: new Date(2026, 0, 1) }));
console.log(`${name}: ${Object.keys(packed).length} files, ${(statSync(name).size / 1024).toFixed(0)} KiB`);
