import Box from '@cloudscape-design/components/box'
import Button from '@cloudscape-design/components/button'
import Container from '@cloudscape-design/components/container'
import Header from '@cloudscape-design/components/header'
import Pagination from '@cloudscape-design/components/pagination'
import SpaceBetween from '@cloudscape-design/components/space-between'
import Table from '@cloudscape-design/components/table'
import { useState, type ReactNode } from 'react'
import type { IntakeFindingWire } from '../../api/client'
import { download } from '../../api/csv'
import { useFormat } from '../../app/format'
import { useText } from '../../app/texts'
import { counts, type Report } from './run'

/** What would become of the rows, or what became of them. */
export function Results({ title, report, file }: { title: string; report: Report; file: File | undefined }) {
  const t = useText()
  const format = useFormat()
  const rejected = () => download(`${(file?.name ?? 'import').replace(/\.[^.]*$/, '')}-${t('import.rejected.file')}.csv`, report.rejectedCsv)
  return (
    <SpaceBetween size="l">
      <Container header={<Header variant="h2">{title}</Header>}>
        <dl className="counts">
          {counts.map((count) => (
            <div key={count}>
              <dt>{t(`import.count.${count}`)}</dt>
              <dd>
                <Box fontSize="heading-xl" fontWeight="bold" color={count === 'rejected' && report.rejected > 0 ? 'text-status-error' : undefined}>
                  {format.number(report[count])}
                </Box>
              </dd>
            </div>
          ))}
        </dl>
      </Container>
      {report.rejections.length > 0 && (
        <Findings
          title={t('import.rejected')}
          description={t('import.rejected.detail')}
          findings={report.rejections}
          action={
            report.rejectedCsv !== '' && (
              <Button iconName="download" onClick={rejected}>
                {t('import.rejected.download')}
              </Button>
            )
          }
        />
      )}
      {report.warnings.length > 0 && <Findings title={t('import.warnings')} description={t('import.warnings.detail')} findings={report.warnings} />}
    </SpaceBetween>
  )
}

const pageSize = 20

function Findings({ title, description, findings, action }: { title: string; description: string; findings: IntakeFindingWire[]; action?: ReactNode }) {
  const t = useText()
  const format = useFormat()
  const [page, setPage] = useState(1)
  const pages = Math.ceil(findings.length / pageSize)
  return (
    <Table<IntakeFindingWire>
      variant="container"
      wrapLines
      header={
        <Header variant="h2" description={description} counter={`(${format.number(findings.length)})`} actions={action}>
          {title}
        </Header>
      }
      items={findings.slice((page - 1) * pageSize, page * pageSize)}
      pagination={pages > 1 && <Pagination currentPageIndex={page} pagesCount={pages} onChange={({ detail }) => setPage(detail.currentPageIndex)} />}
      columnDefinitions={[
        { id: 'line', header: t('import.column.line'), minWidth: 80, isRowHeader: true, cell: ({ line }) => format.number(line) },
        { id: 'column', header: t('import.column.column'), minWidth: 150, cell: ({ column }) => column && <Box variant="code">{column}</Box> },
        { id: 'detail', header: t('import.column.detail'), minWidth: 260, cell: ({ detail }) => detail },
      ]}
    />
  )
}
